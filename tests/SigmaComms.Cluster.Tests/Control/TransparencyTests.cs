using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Cluster.Tests.Control.Hosting;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Consensus;
using SigmaComms.Consensus.KeyDirectory;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Transparency;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests.Control;

/// <summary>What nodes order in the log for clients, and show them of it.</summary>
public sealed class TransparencyTests
{
    private const string Name = "alpha";

    [Fact]
    public void A_published_record_is_in_the_log_and_every_node_proves_it_to_who_knows_the_genesis_alone()
    {
        using var cluster = ControlCluster.Of(4);
        SimClient client = ClientAt(cluster, 0);
        AccountRecord record = Record(client, 1);

        LinkMessage published = client.Request(new PublishAccount(record.Encoded));
        cluster.Until(cluster.Agree);
        TrustedHead head = Genesis(cluster);
        for (int i = 0; i < 4; i++)
        {
            SimClient reader = ClientAt(cluster, i);
            HeadStep step = Ask(reader, head, Name, cluster.Nodes[i].Id);

            Assert.Equal((HeadVerdict.Proven, ""), (step.Verdict, step.Detail));
            Assert.Equal(record.Encoded.ToArray(), step.Name!.Record.ToArray());
            Assert.Equal(Consensus.Membership.MemberState.Up, step.Member!.Member!.State);
            head = step.Head;
        }

        Assert.IsType<Done>(published);
        Assert.Equal(1UL, head.Directory.HistoryCount);
        Assert.True(Ask(ClientAt(cluster, 2), head, "nobody", null).Name!.IsAbsent);
    }

    [Fact]
    public void Publishing_again_orders_nothing_and_proofs_of_what_has_not_changed_neither()
    {
        using var cluster = ControlCluster.Of(4);
        SimClient client = ClientAt(cluster, 0);
        AccountRecord record = Record(client, 1);
        client.Request(new PublishAccount(record.Encoded));
        TrustedHead head = Ask(client, Genesis(cluster), Name, null).Head;
        ulong height = cluster.StatusOf(cluster.Nodes[0]).Height.Value;

        LinkMessage again = client.Request(new PublishAccount(record.Encoded));
        HeadStep step = Ask(client, head, "nobody", null);

        Assert.IsType<Done>(again);
        Assert.Equal(HeadVerdict.Proven, step.Verdict);
        Assert.Equal(height, cluster.StatusOf(cluster.Nodes[0]).Height.Value);
        Assert.Equal(head.Height, step.Head.Height);
    }

    [Fact]
    public void Without_a_quorum_a_record_is_not_yet_in_the_log_and_gets_in_when_it_is_published_again()
    {
        using var cluster = ControlCluster.Of(4);
        SimClient client = ClientAt(cluster, 0);
        AccountRecord first = Record(client, 1);
        AccountRecord second = Record(client, 2);
        client.Request(new PublishAccount(first.Encoded));
        TrustedHead head = Ask(client, Genesis(cluster), Name, null).Head;
        FillDisks(cluster, cluster.Nodes[2], cluster.Nodes[3]);

        LinkMessage refused = client.Request(new PublishAccount(second.Encoded));
        HeadStep old = Ask(client, head, Name, null);
        cluster.Nodes[2].ControlDisk!.Plan = null;
        cluster.Nodes[3].ControlDisk!.Plan = null;
        cluster.Until(() => cluster.Nodes.All(node => cluster.StatusOf(node).State == ControlState.Running));
        LinkMessage again = client.Request(new PublishAccount(second.Encoded));
        HeadStep now = Ask(client, head, Name, null);

        Assert.Equal(RefusalReason.NotInLog, Assert.IsType<Refused>(refused).Reason);
        Assert.Equal(first.Encoded.ToArray(), old.Name!.Record.ToArray());
        Assert.IsType<Done>(again);
        Assert.Equal(second.Encoded.ToArray(), now.Name!.Record.ToArray());
    }

    [Fact]
    public void A_name_that_the_log_has_under_another_key_is_taken_though_no_node_knows_it()
    {
        using var cluster = ControlCluster.Of(4);
        SimClient client = ClientAt(cluster, 0);
        AccountRecord squatter = AccountRecord.Create(
            Name, SimCluster.IdentityOf(9_002).Key, 1, [], new SeededRandom(6));
        CommandAnswer ordered = cluster.Cluster.Run(() => cluster.Nodes[1].Node.Control!.SubmitAsync(
            MachineIds.KeyDirectory, KeyDirectoryState.EncodePublish(squatter.Encoded.Span),
            TimeSpan.FromSeconds(20), CancellationToken.None));

        LinkMessage published = client.Request(new PublishAccount(Record(client, 1).Encoded));

        Assert.True(ordered.IsExecuted);
        Assert.Equal(RefusalReason.NameTaken, Assert.IsType<Refused>(published).Reason);
    }

    [Fact]
    public void A_node_that_is_behind_the_asker_says_so_and_shows_nothing_old()
    {
        using var cluster = ControlCluster.Of(4);
        SimClient client = ClientAt(cluster, 0);
        client.Request(new PublishAccount(Record(client, 1).Encoded));

        LinkMessage later = client.Request(new GetLogProof(1, 1_000_000, 0, Name, null));
        LinkMessage laterEpoch = client.Request(new GetLogProof(9, 0, 0, Name, null));
        LinkMessage moreUpdates = client.Request(new GetLogProof(1, 0, 1_000, Name, null));
        LinkMessage noName = client.Request(new GetLogProof(1, 0, 0, "NO NAME", null));

        Assert.Equal(RefusalReason.Unavailable, Assert.IsType<Refused>(later).Reason);
        Assert.Equal(RefusalReason.Unavailable, Assert.IsType<Refused>(laterEpoch).Reason);
        Assert.Equal(RefusalReason.Unavailable, Assert.IsType<Refused>(moreUpdates).Reason);
        Assert.Equal(RefusalReason.Malformed, Assert.IsType<Refused>(noName).Reason);
    }

    [Fact]
    public void A_node_of_a_cluster_without_a_log_proves_nothing_and_publishes_as_before()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);
        SimClient client = new(cluster, 1);
        client.Connect(cluster.Nodes[0]);

        LinkMessage published = client.Request(new PublishAccount(Record(client, 1).Encoded));
        LinkMessage proof = client.Request(new GetLogProof(1, 0, 0, Name, null));

        Assert.IsType<Done>(published);
        Assert.Equal(RefusalReason.NotFound, Assert.IsType<Refused>(proof).Reason);
    }

    private static TrustedHead Genesis(ControlCluster cluster) =>
        TrustedHead.Genesis(cluster.Genesis.Cluster, cluster.Genesis.Validators);

    /// <summary>Their replicas stop; the nodes serve the rest.</summary>
    private static void FillDisks(ControlCluster cluster, params SimNode[] nodes)
    {
        foreach (SimNode node in nodes)
        {
            node.ControlDisk!.Plan = (operation, _) => operation is DiskOperation.Write or DiskOperation.Create
                ? DiskFault.NoSpace
                : DiskFault.None;
            cluster.Submit(node, "cannot-be-kept:1");
            cluster.Until(() => cluster.StatusOf(node).State == ControlState.DiskFailing);
        }
    }

    private static SimClient ClientAt(ControlCluster cluster, int at)
    {
        SimClient client = new(cluster.Cluster, at + 1);
        client.Connect(cluster.Nodes[at]);
        return client;
    }

    private static AccountRecord Record(SimClient client, uint version) => AccountRecord.Create(
        Name, SimCluster.IdentityOf(9_001).Key, version,
        [new DeviceEntry(client.Identity.PublicKey.Span, new byte[32])], new SeededRandom(5));

    private static HeadStep Ask(SimClient client, TrustedHead head, string? name, NodeId? node)
    {
        LinkMessage answer = client.Request(new GetLogProof(
            head.Validators.Epoch.Value, head.Height.Value, head.Directory.HistoryCount, name, node));
        LogProof proof = Assert.IsType<LogProof>(answer);
        Assert.True(LogAnswer.TryDecode(proof.Content.Span, out LogAnswer? decoded));
        return head.Take(decoded, name, node, MlDsa65Verifier.Instance);
    }
}
