using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace SigmaComms.Node.Commands;

/// <summary>The parser's own help, then the examples of the command.</summary>
internal sealed class HelpWithExamples : SynchronousCommandLineAction
{
    private static readonly string[] FirstSteps =
    [
        "sigma demo                                        # all of it at once, with processes that end with it",
        "sigma cluster up                                  # four nodes on this machine",
        "sigma identity new alpha                          # and beta, in the same way",
        "sigma agent --identity beta --detach              # the cluster knows beta from now on",
        "sigma message send beta \"hello\" --identity alpha",
        "sigma message listen --identity beta",
        "sigma cluster down",
    ];

    private readonly HelpAction _help = new();

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        _help.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        switch (parseResult.CommandResult.Command)
        {
            case Verb { Examples.Count: > 0 } verb:
                Write(output, "Examples:", verb.Examples);
                break;
            case RootCommand:
                Write(output, "First steps (sigma COMMAND --help shows more of each):", FirstSteps);
                break;
        }

        return 0;
    }

    private static void Write(TextWriter output, string title, IReadOnlyList<string> lines)
    {
        output.WriteLine(title);
        foreach (string line in lines)
        {
            output.WriteLine($"  {line}");
        }

        output.WriteLine();
    }
}
