using System.CommandLine;
using SigmaComms.Actors;
using SigmaComms.Node.Commands;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Equivocator;

/// <summary>
/// Runs a node of a data folder as <c>sigma node run</c> does, but with a signer that contradicts itself:
/// <c>SigmaComms.Equivocator NAME --home FOLDER</c>. For tests alone; never shipped.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        using Signals signals = new();
        ParseResult parsed = CommandTree.Build().Parse(["node", "run", .. arguments]);
        if (arguments.Length == 0 || parsed.Errors.Count > 0)
        {
            return (int)ExitCode.Usage;
        }

        return await CommandLine.RunAsync(
            parsed,
            context => NodeRunCommand.RunNodeAsync(
                context,
                NodeChoice.Of(context, arguments[0]),
                options => options.Control!.Signer = desk => Props.Create(() => new EquivocatingSigner(desk))),
            signals.Stop);
    }
}
