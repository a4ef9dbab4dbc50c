using System.CommandLine;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Control;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma node status.</summary>
internal sealed class NodeStatusCommand : Verb
{
    private readonly Argument<string> _name = new("name") { Description = "A node of this data folder" };

    public NodeStatusCommand()
        : base("status", "Shows one node's process and its view of the cluster.", "sigma node status n1")
    {
        Add(_name);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        LocalNode node = NodeChoice.Of(context, context.Arguments.GetRequiredValue(_name));
        NodeConfiguration configuration =
            ConfigurationObject.ReadFile(node.Folder.ConfigurationFile, NodeConfiguration.Read);
        ClusterFile cluster = ClusterFile.Load(context.ClusterFile);
        if (node.Running is not { } process)
        {
            throw new CommandException(
                ExitCode.Unavailable,
                $"node {node.Name} does not run",
                "there is no process of it on this machine",
                $"start it: sigma node start {node.Name}");
        }

        using ClusterProbe probe = new(cluster, context.Time);
        ClusterStatus status = await probe.AskAsync(configuration.Advertise, context.Stop);
        context.Output.Note($"{node.Name} runs as process {process.Id} on {configuration.Listen}");
        ControlSummary? control = await ControlSummary.AskAsync(context, cluster, node.Name);
        if (control is not null)
        {
            context.Output.Note($"{node.Name} is a {control.Role()}");
        }

        ClusterStatusCommand.Show(context.Output, cluster, status, control);
        return ExitCode.Ok;
    }
}
