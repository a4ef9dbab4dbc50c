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
            "Starts every node of a cluster on this machine, after making keys and admissions where there are none.",
            "sigma cluster up",
            "sigma cluster up --config cluster-config/local-4.json")
    {
        Add(_config);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        ClusterPlan plan = ClusterPlan.Load(context.Arguments.GetValue(_config));
        ClusterFile cluster =
            ClusterSetup.Prepare(context.Home, plan, context.Time.GetUtcNow(), SystemRandom.Instance);
        using ClusterProbe probe = new(cluster, context.Time);
        ClusterStatus status = await StartAsync(context, plan, probe);
        ClusterStatusCommand.Show(context.Output, cluster, status);
        return ExitCode.Ok;
    }

    /// <summary>Seeds first, all at once; then the others, each joining while the rest runs.</summary>
    private static async Task<ClusterStatus> StartAsync(CommandContext context, ClusterPlan plan, ClusterProbe probe)
    {
        List<string> running = [];
        LocalNode[] nodes = [.. plan.Nodes.Select(node => new LocalNode(context.Home, node.Name, context.Time))];
        LocalNode[] seeds = [.. nodes.Where((_, index) => plan.IsSeed(plan.Nodes[index]))];
        foreach (LocalNode seed in seeds)
        {
            Start(context, seed, "seed");
            running.Add(seed.Name);
        }

        ClusterStatus? status = null;
        foreach (LocalNode seed in seeds)
        {
            status = await seed.WaitReadyAsync(probe, running, context.Stop);
        }

        foreach (LocalNode joiner in nodes.Except(seeds))
        {
            Start(context, joiner, "joins through a seed");
            running.Add(joiner.Name);
            status = await joiner.WaitReadyAsync(probe, running, context.Stop);
        }

        return status!;
    }

    private static void Start(CommandContext context, LocalNode node, string role) => context.Output.Note(
        node.Start() ? $"Starting {node.Name} ({role})" : $"{node.Name} runs already");
}
