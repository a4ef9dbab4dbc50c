using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Cluster.Tests.Sockets;
using SigmaComms.Cluster.Tests.Storage.Collection;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Links;
using SigmaComms.Vault;
using SigmaComms.Vault.Scatter;
using NodeRoles = SigmaComms.Consensus.Membership.NodeRoles;

namespace SigmaComms.Cluster.Tests.Storage.Repair;

public sealed class RepairOnNodesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact(Timeout = 600_000)]
    public async Task What_a_node_had_that_was_stopped_is_rebuilt_by_the_others_over_their_links()
    {
        await using RealCluster cluster = await StartAsync();
        Digest vault = await CreateVaultAsync(cluster);
        List<FragmentLabel> written = await WriteAsync(cluster, vault);
        byte[] entry = PretendedVaultLog.Entry([.. written.Select(label => label.Stripe).Distinct()], []);
        await OrderAsync(cluster, VaultCommand.Append(vault, 1, entry));
        int lost = (await HeldAsync(cluster.Nodes[3], written)).Count;

        await cluster.Nodes[3].StopAsync();
        NodeContext[] left = [.. cluster.Nodes.Take(3).Select(ContextOf)];
        await RealCluster.UntilAsync(() => left.Sum(node => node.Repairs.Rebuilt) >= lost);

        HashSet<FragmentId> there = [];
        ulong reported = 0;
        for (int i = 0; i < 3; i++)
        {
            there.UnionWith(await HeldAsync(cluster.Nodes[i], written));
            StorageReport? report = await left[i].RepairDesk!.ReportAsync(
                new GetStorageReport(vault, StorageCheck.None), default);
            reported += report!.Fragments;
            Assert.Equal(0UL, report.Staged);
        }

        Assert.Equal(written.Select(label => label.Id).ToHashSet(), there);
        Assert.True(reported >= (ulong)written.Count, $"{reported} fragments are reported");
    }

    private static async Task<RealCluster> StartAsync()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        RealCluster cluster = new(4);
        Digest log = ControlGenesis.ClusterOf(cluster.Cluster);
        NodeRequest[] founders =
        [
            .. Enumerable.Range(0, 4).Select(i => ControlFounder.Request(
                cluster.OptionsOf(i).DataDirectory, SimCluster.IdentityOf(i + 1).Key, log,
                new NodePlace(NodeRoles.Validator | NodeRoles.Storage, "", 100),
                [cluster.OptionsOf(i).Listen!.ToString()], SystemRandom.Instance)),
        ];
        ControlGenesis genesis = new(log, founders, []);
        for (int i = 0; i < 4; i++)
        {
            ClusterNodeOptions options = cluster.OptionsOf(i);
            options.Control = new ControlOptions { Genesis = genesis, WalSegmentBytes = 4 << 20 };
            options.Storage.VolumeBytes = 16 << 20;
            options.Storage.CapacityBytes = 64 << 20;
            options.Repair.DownGrace = TimeSpan.FromSeconds(1);
            options.Repair.RetryInterval = TimeSpan.FromSeconds(1);
            options.DownAfter = TimeSpan.FromSeconds(1);
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(cluster.StartAsync));
        cluster.Nodes.Sort((a, b) => IndexOf(cluster, a).CompareTo(IndexOf(cluster, b)));
        await cluster.UpAsync();
        return cluster;
    }

    private static int IndexOf(RealCluster cluster, ClusterNode node) =>
        Enumerable.Range(0, 4).First(i => ContextOf(node).Options == cluster.OptionsOf(i));

    private static NodeContext ContextOf(ClusterNode node) => node.Control!.Desk.Node;

    private static async Task<Digest> CreateVaultAsync(RealCluster cluster)
    {
        Digest salt = Digest.Sha256(Guid.NewGuid().ToByteArray());
        await OrderAsync(cluster, VaultCommand.Create(salt));
        return VaultCommand.IdOf(ContextOf(cluster.Nodes[0]).Self, salt);
    }

    private static async Task OrderAsync(RealCluster cluster, VaultCommand command)
    {
        CommandAnswer answer = await cluster.Nodes[0].Control!.SubmitAsync(
            MachineIds.VaultCommands, command.Encode(), Patience, CancellationToken.None);
        Assert.True(answer.IsExecuted, $"{answer.Verdict} {answer.Detail}");
    }

    private static async Task<List<FragmentLabel>> WriteAsync(RealCluster cluster, Digest vault)
    {
        Dictionary<NodeId, IFragmentStore> stores =
            cluster.Nodes.Select(ContextOf).ToDictionary(node => node.Self, node => node.Fragments!);
        Placement placement = new(stores.Keys.Select(node => new StorageNode(node, "", 100)));
        StorageNetwork network = new(placement, stores.GetValueOrDefault, TimeProvider.System);
        VaultShape shape = new(2, 2, VaultShape.StripeSizeMinBytes);
        using StripeKeys keys = new(vault, new byte[32], new byte[32]);
        ScatterOptions options = new() { PutLimit = Patience };
        using StripeScatter scatter = new(shape, keys, network, new StripeBuffers(), SystemRandom.Instance, options);
        byte[] plaintext = new byte[8 * shape.StripeSizeBytes];
        Random.Shared.NextBytes(plaintext);
        List<FragmentLabel> written = [];
        await foreach (ScatteredStripe stripe in scatter.WriteAsync(new MemoryStream(plaintext), default))
        {
            written.AddRange(Enumerable.Range(0, 4).Select(keys.LabelOf(stripe.Entry).Of));
        }

        return written;
    }

    private static async Task<HashSet<FragmentId>> HeldAsync(ClusterNode node, List<FragmentLabel> written)
    {
        HashSet<FragmentId> held = [];
        foreach (FragmentLabel label in written)
        {
            byte[] bytes = new byte[label.Length];
            if (await ContextOf(node).Fragments!.GetAsync(label.Id, 0, bytes, default) == StoreStatus.Done)
            {
                held.Add(label.Id);
            }
        }

        return held;
    }
}
