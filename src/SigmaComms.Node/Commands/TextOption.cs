using System.CommandLine;

namespace SigmaComms.Node.Commands;

/// <summary>A global option with a value and its twin in the environment; the command line wins.</summary>
internal sealed class TextOption : Option<string?>
{
    private readonly string _variable;

    /// <summary>Names the option.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="variable">Its twin.</param>
    /// <param name="valueName">What the help calls the value.</param>
    /// <param name="description">One sentence.</param>
    public TextOption(string name, string variable, string valueName, string description)
        : base(name)
    {
        _variable = variable;
        HelpName = valueName;
        Description = $"{description} [env: {variable}]";
        Recursive = true;
    }

    /// <summary>The value, or null.</summary>
    public string? Value(ParseResult arguments)
    {
        string? given = arguments.GetValue(this) ?? Environment.GetEnvironmentVariable(_variable);
        return string.IsNullOrEmpty(given) ? null : given;
    }
}
