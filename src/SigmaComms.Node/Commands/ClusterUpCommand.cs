using System.CommandLine;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Admission;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma cluster up.</summary>
internal sealed class ClusterUpCommand : Verb
{
    private readonly Option<string?> _config = PlanOption.Create();

    public ClusterUpCommand()
        : base(
            "up",
            "Starts the cluster of this data folder, with nodes that joined it; where there is none, makes one.",
            "sigma cluster up",
            "sigma cluster up --config cluster-config/local-4.json")
    {
        Add(_config);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        LocalCluster local = Prepare(context);
        using ClusterProbe probe = new(local.Cluster, context.Time);
        List<LocalNode> started = [];
        ClusterStatus status;
        try
        {
            status = await StartAsync(context, local, probe, started);
        }
        catch
        {
            // Half a cluster is nobody's wish. What ran before goes on.
            await Task.WhenAll(started.Select(node => node.StopAsync(CancellationToken.None)));
            throw;
        }

        ClusterStatusCommand.Show(context.Output, local.Cluster, status);
        return ExitCode.Ok;
    }

    private LocalCluster Prepare(CommandContext context)
    {
        string? plan = context.Arguments.GetValue(_config);
        DateTimeOffset now = context.Time.GetUtcNow();
        return plan is null && File.Exists(context.Home.ClusterFile)
            ? LocalCluster.OfFolder(context.Home, now, SystemRandom.Instance, context.Output.Note)
            : LocalCluster.OfPlan(context.Home, ClusterPlan.Load(plan), now, SystemRandom.Instance);
    }

    /// <summary>Seeds first, all at once; then the others, each joining while the rest runs.</summary>
    private static async Task<ClusterStatus> StartAsync(
        CommandContext context, LocalCluster local, ClusterProbe probe, List<LocalNode> started)
    {
        ClusterStatus? status = null;
        List<string> running = [.. local.Seeds];
        LocalNode[] seeds = [.. local.Seeds.Select(name => new LocalNode(context.Home, name, context.Time))];
        foreach (LocalNode seed in seeds)
        {
            Start(context, seed, "seed", started);
        }

        foreach (LocalNode seed in seeds)
        {
            status = await ReadyAsync(context, seed, probe, running) ?? status;
        }

        foreach (string name in local.Others)
        {
            LocalNode joiner = new(context.Home, name, context.Time);
            Start(context, joiner, "joins through a seed", started);
            running.Add(name);
            status = await ReadyAsync(context, joiner, probe, running) ?? status;
        }

        foreach (LocalNode refused in started.Where(IsRefused))
        {
            context.Output.Note(
                $"{refused.Name} is left out: the cluster refused it: {refused.Refusal}. "
                + $"Where validators run: sigma node admit {refused.Name}");
        }

        return status ?? throw new CommandException(
            ExitCode.Unavailable, "no node is ready", "the cluster refused all nodes of this data folder",
            "have them admitted where its validators run: sigma node admit");
    }

    /// <summary>Waits for a node. One that the cluster refuses is left out and told; the rest goes on.</summary>
    private static async Task<ClusterStatus?> ReadyAsync(
        CommandContext context, LocalNode node, ClusterProbe probe, List<string> running)
    {
        try
        {
            return await node.WaitReadyAsync(probe, running, context.Stop);
        }
        catch (CommandException) when (IsRefused(node))
        {
            running.Remove(node.Name);
            return null;
        }
    }

    private static bool IsRefused(LocalNode node) => node is { Running: null, Refusal: not null };

    private static void Start(CommandContext context, LocalNode node, string role, List<LocalNode> started)
    {
        if (!node.Start(context.Home.ClusterFile))
        {
            context.Output.Note($"{node.Name} runs already");
            return;
        }

        started.Add(node);
        context.Output.Note($"Starting {node.Name} ({role})");
    }
}
