using System.CommandLine;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Node.Admission;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma cluster init.</summary>
internal sealed class ClusterInitCommand : Verb
{
    private readonly Option<string?> _config = PlanOption.Create();

    public ClusterInitCommand()
        : base(
            "init",
            "Makes a cluster: its id, the operator's key, every node's keys and configuration, and its control log.",
            "sigma cluster init",
            "sigma cluster init --config cluster-config/local-4.json --home /srv/sigma")
    {
        Add(_config);
        Runs(RunAsync);
    }

    private Task<ExitCode> RunAsync(CommandContext context)
    {
        ClusterPlan plan = ClusterPlan.Load(context.Arguments.GetValue(_config));
        if (File.Exists(context.Home.ClusterFile))
        {
            throw new CommandException(
                ExitCode.Failure,
                "cannot make a cluster",
                $"{context.Home.Root} holds one already",
                "use another folder with --home, or sigma cluster up to start what is there");
        }

        ClusterFile cluster =
            ClusterSetup.Prepare(context.Home, plan, context.Time.GetUtcNow(), SystemRandom.Instance);
        context.Output.Line(
            $"Cluster {cluster.Name} ({cluster.Cluster}) with {plan.Nodes.Count} nodes in {context.Home.Root}");
        context.Output.Note(
            "Keep operator.key safe: whoever has it admits nodes. Give cluster.json to nodes and clients.");
        context.Output.Object(writer =>
        {
            writer.WriteString("name", cluster.Name);
            writer.WriteString("cluster", cluster.Cluster.ToString());
            writer.WriteString("home", context.Home.Root);
            writer.WriteNumber("nodes", plan.Nodes.Count);
        });
        return Task.FromResult(ExitCode.Ok);
    }
}
