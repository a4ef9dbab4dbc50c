using System.CommandLine;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma node start.</summary>
internal sealed class NodeStartCommand : Verb
{
    private readonly Argument<string> _name = new("name") { Description = "A node of this data folder" };

    public NodeStartCommand()
        : base(
            "start",
            "Runs one node in the background and waits until it takes part.",
            "sigma node start n1")
    {
        Add(_name);
        Runs(context => StartAsync(context, NodeChoice.Of(context, context.Arguments.GetRequiredValue(_name))));
    }

    /// <summary>Starts a prepared node and shows what it then sees. One that does not come up is stopped.</summary>
    public static async Task<ExitCode> StartAsync(CommandContext context, LocalNode node)
    {
        ClusterFile cluster = ClusterFile.Load(context.ClusterFile);
        ConfigurationObject.ReadFile(node.Folder.ConfigurationFile, NodeConfiguration.Read);
        using ClusterProbe probe = new(cluster, context.Time);
        bool started = node.Start(context.ClusterFile);
        context.Output.Note(started ? $"Starting {node.Name}" : $"{node.Name} runs already");
        ClusterStatus status;
        try
        {
            status = await node.WaitReadyAsync(probe, [node.Name], context.Stop);
        }
        catch when (started)
        {
            await node.StopAsync(CancellationToken.None);
            throw;
        }

        ClusterStatusCommand.Show(context.Output, cluster, status);
        return ExitCode.Ok;
    }
}
