using SigmaComms.Node.Nodes;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma cluster down.</summary>
internal sealed class ClusterDownCommand : Verb
{
    public ClusterDownCommand()
        : base(
            "down",
            "Stops every node of the data folder. Keys, mailboxes and identities stay.",
            "sigma cluster down")
    {
        Runs(RunAsync);
    }

    private static async Task<ExitCode> RunAsync(CommandContext context)
    {
        LocalNode[] nodes =
            [.. context.Home.NodeNames().Select(name => new LocalNode(context.Home, name, context.Time))];
        bool[] stopped = await Task.WhenAll(nodes.Select(node => node.StopAsync(context.Stop)));
        string[] ended = [.. nodes.Where((_, index) => stopped[index]).Select(node => node.Name)];
        context.Output.Line(ended.Length > 0 ? $"Stopped {string.Join(", ", ended)}" : "No node was running");
        context.Output.Object(writer =>
        {
            writer.WriteStartArray("stopped");
            foreach (string name in ended)
            {
                writer.WriteStringValue(name);
            }

            writer.WriteEndArray();
        });
        return ExitCode.Ok;
    }
}
