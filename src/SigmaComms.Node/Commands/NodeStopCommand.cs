using System.CommandLine;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma node stop.</summary>
internal sealed class NodeStopCommand : Verb
{
    private readonly Argument<string> _name = new("name") { Description = "A node of this data folder" };

    public NodeStopCommand()
        : base(
            "stop",
            "Stops one node of this data folder. It stays a member, which the others see as suspect, then down.",
            "sigma node stop n1")
    {
        Add(_name);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        LocalNode node = NodeChoice.Of(context, context.Arguments.GetRequiredValue(_name));
        bool stopped = await node.StopAsync(context.Stop);
        context.Output.Line(stopped ? $"Stopped {node.Name}" : $"{node.Name} was not running");
        context.Output.Object(writer => writer.WriteBoolean("stopped", stopped));
        return ExitCode.Ok;
    }
}
