using System.CommandLine;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>One command with the examples that its help shows.</summary>
internal abstract class Verb : Command
{
    /// <summary>Names the command.</summary>
    /// <param name="name">What is typed.</param>
    /// <param name="description">One sentence for the help.</param>
    /// <param name="examples">Whole command lines.</param>
    protected Verb(string name, string description, params string[] examples)
        : base(name, description)
    {
        Examples = examples;
    }

    /// <summary>Whole command lines for the help.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>Runs the method; its faults become messages and exit codes.</summary>
    protected void Runs(Func<CommandContext, Task<ExitCode>> run) =>
        SetAction((result, cancellation) => CommandLine.RunAsync(result, run, cancellation));
}
