using SigmaComms.Cluster;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Admission;

/// <summary>Prepares a whole cluster in one data folder: keys, admissions, configurations, seed files.</summary>
internal static class ClusterSetup
{
    /// <summary>Makes what is missing; keys and valid admissions stay.</summary>
    /// <param name="home">The data folder.</param>
    /// <param name="plan">Which nodes.</param>
    /// <param name="now">The present time.</param>
    /// <param name="random">Where new keys come from.</param>
    public static ClusterFile Prepare(SigmaHome home, ClusterPlan plan, DateTimeOffset now, IRandomSource random)
    {
        ClusterFile? before = File.Exists(home.ClusterFile) ? ClusterFile.Load(home.ClusterFile) : null;
        using Operator signer = before is not null
            ? Operator.Load(home, before, random)
            : Operator.OfNewCluster(home, random);
        AdmissionRequestFile[] requests =
            [.. plan.Nodes.Select(node => NodeSetup.Prepare(home.Node(node.Name), node, random))];
        ClusterFileNode[] nodes =
            [.. requests.Select(request => new ClusterFileNode(request.Name, request.Id, request.Endpoint))];
        IReadOnlyList<ClusterFileNode> known = before?.Nodes ?? [];
        ClusterFileNode[] all = [.. nodes, .. known.Where(node => nodes.All(planned => planned.Name != node.Name))];
        ClusterFile cluster = new(plan.Name, signer.Cluster, signer.PublicKey.ToArray(), all)
        {
            // A log begins with its cluster; one that was made without goes on without.
            GenesisBytes = before is not null
                ? before.GenesisBytes
                : ControlSetup.Found(home, signer.Cluster, plan.Nodes, random).Encode(),
        };
        SeedNode[] seeds = [.. plan.Seeds.Select(seed => new SeedNode(IdOf(seed, nodes), seed.Endpoint))];
        for (int i = 0; i < nodes.Length; i++)
        {
            NodeFolder folder = home.Node(nodes[i].Name);
            SeedNode[] others = [.. seeds.Where(seed => seed.Id != nodes[i].Id)];
            ConfigurationOf(folder, plan.Nodes[i], others).Save(folder.ConfigurationFile);
            if (NodeSetup.ProblemOf(folder, requests[i].PublicKey.Span, cluster, now) is not null)
            {
                NodeAdmission admission = signer.Admit(requests[i], now.AddDays(Operator.ValidDaysDefault));
                SigmaHome.WritePrivate(folder.AdmissionFile, admission.Encoded.Span);
            }

            if (plan.IsSeed(plan.Nodes[i]))
            {
                SeedFile completed = new(nodes[i].Name, nodes[i].Endpoint, requests[i].PublicKey);
                completed.Save(Path.Combine(home.SeedFolder, nodes[i].Name + ".json"));
            }
        }

        cluster.Save(home.ClusterFile);
        return cluster;
    }

    /// <summary>
    /// What the plan says; the rest stays as the node has it, or one whose journal is on a server would begin with an
    /// empty one.
    /// </summary>
    private static NodeConfiguration ConfigurationOf(NodeFolder folder, PlannedNode node, SeedNode[] seeds)
    {
        NodeConfiguration planned = NodeConfiguration.Of(node, seeds);
        if (!File.Exists(folder.ConfigurationFile))
        {
            return planned;
        }

        NodeConfiguration known = ConfigurationObject.ReadFile(folder.ConfigurationFile, NodeConfiguration.Read);
        return planned with
        {
            LogLevel = known.LogLevel,
            Telemetry = known.Telemetry,
            Control = known.Control,
            Store = known.Store,
            Operations = node.Operations == new OperationsConfiguration() ? known.Operations : node.Operations,
            Storage = node.Storage == new StorageConfiguration() ? known.Storage : node.Storage,
        };
    }

    private static NodeId IdOf(SeedFile seed, ClusterFileNode[] nodes) =>
        nodes.FirstOrDefault(node => node.Name == seed.Name)?.Id ?? seed.Id ?? throw new CommandException(
            ExitCode.Usage,
            $"cannot use the seed {seed.Name}",
            "it is no node of this machine, and its file does not say its public key",
            "take the completed file from the folder seed-nodes where that node was made");
}
