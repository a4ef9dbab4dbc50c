using System.CommandLine;

namespace SigmaComms.Node.Commands;

/// <summary>--node of the commands that open an identity.</summary>
internal static class NodeOption
{
    /// <summary>A new one; a parser's option belongs to one command.</summary>
    /// <param name="description">What the help says of it.</param>
    public static Option<string?> Create(string description = "The node to try first, unless an agent runs") =>
        new("--node") { HelpName = "NAME", Description = description };
}
