using System.CommandLine;

namespace SigmaComms.Node.Commands;

/// <summary>A global switch and its twin in the environment, which is on unless empty, 0, false, no or off.</summary>
internal sealed class FlagOption : Option<bool>
{
    private readonly string _variable;

    /// <summary>Names the switch.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="alias">A shorter name, or null.</param>
    /// <param name="variable">Its twin.</param>
    /// <param name="description">One sentence.</param>
    public FlagOption(string name, string? alias, string variable, string description)
        : base(name)
    {
        _variable = variable;
        Description = $"{description} [env: {variable}]";
        Recursive = true;
        if (alias is not null)
        {
            Aliases.Add(alias);
        }
    }

    /// <summary>Whether it is on.</summary>
    public bool Value(ParseResult arguments) =>
        arguments.GetValue(this) || IsOn(Environment.GetEnvironmentVariable(_variable));

    /// <summary>What a variable's value means. NO_COLOR counts with any value: others have settled that.</summary>
    internal bool IsOn(string? value) => value?.ToLowerInvariant() switch
    {
        null or "" => false,
        "0" or "false" or "no" or "off" => _variable == "NO_COLOR",
        _ => true,
    };
}
