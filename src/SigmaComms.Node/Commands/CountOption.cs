using System.CommandLine;
using System.CommandLine.Parsing;

namespace SigmaComms.Node.Commands;

/// <summary>An option with a whole number of 1 or more; null if it is not given.</summary>
internal sealed class CountOption : Option<int?>
{
    /// <summary>Names the option.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="valueName">What the help calls the value.</param>
    /// <param name="description">One sentence.</param>
    public CountOption(string name, string valueName, string description)
        : base(name)
    {
        HelpName = valueName;
        Description = description;
        Validators.Add(Refuse);
    }

    private void Refuse(OptionResult result)
    {
        if (result.Tokens is [var token, ..] && int.TryParse(token.Value, out int value) && value < 1)
        {
            result.AddError($"{Name} is {value}, wanted is 1 or more.");
        }
    }
}
