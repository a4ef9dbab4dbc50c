using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Admission;

/// <summary>The nodes of a data folder that can be started.</summary>
/// <param name="Cluster">Their cluster.</param>
/// <param name="Seeds">Names of those that the others join through.</param>
/// <param name="Others">Names of the others.</param>
internal sealed record LocalCluster(ClusterFile Cluster, IReadOnlyList<string> Seeds, IReadOnlyList<string> Others)
{
    /// <summary>The nodes of a plan, after making what is missing of them.</summary>
    /// <exception cref="CommandException">The folder holds another cluster.</exception>
    public static LocalCluster OfPlan(
        SigmaHome home, ClusterPlan plan, DateTimeOffset now, IRandomSource random)
    {
        if (File.Exists(home.ClusterFile) && ClusterFile.Load(home.ClusterFile) is var held && held.Name != plan.Name)
        {
            throw new CommandException(
                ExitCode.Failure,
                "will not start the plan here",
                $"{home.Root} holds the cluster {held.Name}, the plan is of {plan.Name}",
                "use another folder with --home; without --config, sigma cluster up starts what is there");
        }

        ClusterFile cluster = ClusterSetup.Prepare(home, plan, now, random);
        ILookup<bool, string> names = plan.Nodes.ToLookup(plan.IsSeed, static node => node.Name);
        return new LocalCluster(cluster, [.. names[true]], [.. names[false]]);
    }

    /// <summary>All nodes that the folder holds, those too that joined later; not those without an admission.</summary>
    /// <param name="home">The data folder, with a cluster.</param>
    /// <param name="now">The present time.</param>
    /// <param name="random">For a renewed admission.</param>
    /// <param name="skip">Told of each node that is left out, and why.</param>
    /// <exception cref="CommandException">There is none.</exception>
    public static LocalCluster OfFolder(
        SigmaHome home, DateTimeOffset now, IRandomSource random, Action<string> skip)
    {
        ClusterFile cluster = ClusterFile.Load(home.ClusterFile);
        List<string> admitted = [];
        foreach (string name in home.NodeNames())
        {
            if (ProblemOf(home, cluster, name, now, random) is { } problem)
            {
                skip($"{name} is left out: {problem}. Let the operator run: sigma node admit {name}");
            }
            else
            {
                admitted.Add(name);
            }
        }

        ILookup<bool, string> names =
            admitted.ToLookup(name => File.Exists(Path.Combine(home.SeedFolder, name + ".json")));
        return admitted.Count > 0
            ? new LocalCluster(cluster, [.. names[true]], [.. names[false]])
            : throw new CommandException(
                ExitCode.NotFound,
                "no node to start",
                $"{home.Root} holds the cluster {cluster.Name}, but none of its nodes",
                "run this where sigma cluster init was run, or make a node: sigma node join");
    }

    private static string? ProblemOf(
        SigmaHome home, ClusterFile cluster, string name, DateTimeOffset now, IRandomSource random)
    {
        NodeFolder folder = home.Node(name);
        if (File.Exists(folder.RefusedFile))
        {
            return $"the cluster refused it when it ran last: {File.ReadAllText(folder.RefusedFile)}";
        }

        NodeConfiguration configuration =
            ConfigurationObject.ReadFile(folder.ConfigurationFile, NodeConfiguration.Read);
        PlannedNode node = new(name, configuration.Listen, configuration.Advertise);
        AdmissionRequestFile request = NodeSetup.Prepare(folder, node, random);
        string? problem = NodeSetup.ProblemOf(folder, request.PublicKey.Span, cluster, now);

        // The cluster was begun with these; of the others the operator decides each time.
        bool mayRenew = cluster.Nodes.Any(known => known.Id == request.Id) && File.Exists(home.OperatorKeyFile);
        if (problem is null || !mayRenew)
        {
            return problem;
        }

        using Operator signer = Operator.Load(home, cluster, random);
        NodeAdmission admission = signer.Admit(request, now.AddDays(Operator.ValidDaysDefault));
        SigmaHome.WritePrivate(folder.AdmissionFile, admission.Encoded.Span);
        return null;
    }
}
