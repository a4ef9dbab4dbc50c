using SigmaComms.Client.Attachments;
using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Storage;
using SigmaComms.Cluster.Storage.Repair;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Cluster.Tests.Sockets;
using SigmaComms.Consensus.Membership;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;
using SigmaComms.Vault;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Sealing;
using NodeRoles = SigmaComms.Consensus.Membership.NodeRoles;

namespace SigmaComms.Cluster.Tests.Attachments;

/// <summary>Attachments between two clients over four nodes with sockets, control log, volumes and repair.</summary>
public sealed class AttachmentsOnNodesTests : IDisposable
{
    private const int StrangerNumber = 2_301;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("sigma-attached-").FullName;

    public void Dispose() => System.IO.Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = 600_000)]
    public async Task A_file_is_received_byte_for_byte_though_a_node_dies_and_the_others_rebuild_what_it_had()
    {
        await using RealCluster cluster = await StartAsync();
        await using MessagingPerson alpha = await MessagingPerson.OpenAsync(cluster, "alpha", 0);
        await using MessagingPerson beta = await MessagingPerson.OpenAsync(cluster, "beta", 1);
        await alpha.Client.Published;
        await beta.Client.Published;
        string sent = Path.Combine(_folder, "sent");
        byte[] content = new byte[(5 << 20) + 77];
        Random.Shared.NextBytes(content);
        await File.WriteAllBytesAsync(sent, content);

        await alpha.Client.SendFileAsync("beta", sent, null, default);
        AttachmentDescriptor attachment = (await beta.ReceiveAsync()).Attachment!;
        await beta.Client.DownloadAsync(attachment, Path.Combine(_folder, "whole"), null, default);
        List<FragmentLabel> held = await HeldAsync(cluster.Nodes[3]);
        await cluster.Nodes[3].StopAsync();
        await beta.Client.DownloadAsync(attachment, Path.Combine(_folder, "degraded"), null, default);
        HashSet<FragmentId> others = await OthersAsync(cluster);
        while (!others.IsSupersetOf(held.Select(label => label.Id)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            others = await OthersAsync(cluster);
        }

        Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(_folder, "whole")));
        Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(_folder, "degraded")));
        Assert.NotEmpty(held);
        Assert.All(held, label => Assert.True(AttachmentVault.TryGetDay(label.Vault, out _)));
        Assert.Equal(4 * 7, others.Count);
    }

    [Fact(Timeout = 600_000)]
    public async Task Strangers_put_nothing_nobody_deletes_and_no_other_day_is_taken()
    {
        await using RealCluster cluster = await StartAsync();
        await using MessagingPerson alpha = await MessagingPerson.OpenAsync(cluster, "alpha", 0);
        await alpha.Client.Published;
        LinkConnection stranger = await cluster.ConnectAsync(
            0, StrangerNumber, static (_, _, _) => ValueTask.CompletedTask);
        StorageNetwork network = await alpha.Client.Storage.OpenAsync(Patience, default);
        NodeId node = ContextOf(cluster.Nodes[0]).Self;
        int today = AttachmentVault.DayOf(TimeProvider.System.GetUtcNow());

        LinkMessage unknown = await stranger.RequestAsync(PutOf(today, 1), Patience, default);
        (FragmentLabel label, byte[] bytes) = FragmentOf(today, 2);
        StoreStatus taken = await network.PutAsync(node, label, bytes, Patience, default);
        StoreStatus again = await network.PutAsync(node, label, bytes, Patience, default);
        StoreStatus old = await network.PutAsync(node, FragmentOf(today - 3, 3).Label, bytes, Patience, default);
        StoreStatus ahead = await network.PutAsync(node, FragmentOf(today + 3, 3).Label, bytes, Patience, default);
        StoreStatus deleted = await network.DeleteAsync(node, label.Id, Patience, default);
        LinkMessage report = await stranger.RequestAsync(
            new GetStorageReport(AttachmentVault.Of(today), StorageCheck.Content), Patience, default);
        StoreStatus read = await network.GetAsync(node, label.Id, new byte[label.Length], Patience, default);

        Assert.Equal(RefusalReason.UnknownDevice, Assert.IsType<Refused>(unknown).Reason);
        Assert.Equal([StoreStatus.Done, StoreStatus.Done], [taken, again]);
        Assert.Equal([StoreStatus.Refused, StoreStatus.Refused, StoreStatus.Refused], [old, ahead, deleted]);
        Assert.Equal(RefusalReason.NotAllowed, Assert.IsType<Refused>(report).Reason);
        Assert.Equal(StoreStatus.Done, read);
        Assert.Equal([label.Id], (await HeldAsync(cluster.Nodes[0])).Select(kept => kept.Id));
    }

    private static (FragmentLabel Label, byte[] Bytes) FragmentOf(int day, byte number)
    {
        byte[] bytes = new byte[64];
        byte[] stripe = new byte[StripeId.SizeBytes];
        stripe[0] = number;
        FragmentLabel label = new(
            AttachmentVault.Of(day), new StripeId(stripe), 1, 0, bytes.Length, default, [FragmentTree.RootOf(bytes)]);
        return (label, bytes);
    }

    private static PutFragment PutOf(int day, byte number)
    {
        (FragmentLabel label, byte[] bytes) = FragmentOf(day, number);
        WireWriter writer = new();
        label.Write(writer);
        return new PutFragment(writer.ToArray(), 0, bytes);
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

    private static async Task<HashSet<FragmentId>> OthersAsync(RealCluster cluster)
    {
        HashSet<FragmentId> others = [];
        for (int i = 0; i < 3; i++)
        {
            others.UnionWith((await HeldAsync(cluster.Nodes[i])).Select(label => label.Id));
        }

        return others;
    }

    private static async Task<List<FragmentLabel>> HeldAsync(ClusterNode node)
    {
        var shelf = (IFragmentShelf)ContextOf(node).Fragments!;
        (_, IReadOnlyList<StoredFragment> page) = await shelf.ListAsync(null, 1_024, default);
        return [.. page.Where(own => own.IsLive).Select(own => own.Label)];
    }
}
