using SigmaComms.Cluster.Control.Blocks;
using SigmaComms.Cluster.Control.Hosting;
using SigmaComms.Cluster.Control.Transfer;
using SigmaComms.Cluster.Tests.Control.Hosting;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Tests.Control.Transfer;

public sealed class SnapshotFetchTests
{
    private static readonly Digest Some = Digest.Sha256([1]);

    [Fact]
    public void Each_question_lets_one_answer_in_and_only_of_the_peer_that_was_asked()
    {
        using var cluster = ControlCluster.Of(4);
        ControlDesk desk = cluster.Nodes[0].Node.Control!.Desk;
        (NodeId peer, NodeId other) = (cluster.Nodes[1].Identity.Id, cluster.Nodes[2].Identity.Id);
        var replica = Replica.Recover(new ReplicaOptions(cluster.Nodes[0].Identity.Id, 0), desk.Genesis.Foundation, []);
        HostMessage offer = new HostMessage.SnapshotOffered(new SnapshotOffer(
            new SnapshotManifest(new BlockIdentity(new Height(9), Some), Some, 1, [Some]), null!, null!, []));
        HostMessage part = new HostMessage.PartFound(Some, 0, 0, new byte[1]);
        SnapshotFetch fetch = new(desk);

        bool isHinted = fetch.Hint(peer, new Height(9), replica);
        bool isTrusted = desk.Fetch.For(peer) is not null;
        fetch.Ask(peer, desk.Genesis.Validators);
        bool[] offers = [fetch.TryTake(other, offer), fetch.TryTake(peer, offer), fetch.TryTake(peer, offer)];
        bool early = fetch.TryTake(peer, part);
        fetch.AskPart(peer);
        bool[] parts = [fetch.TryTake(other, part), fetch.TryTake(peer, part), fetch.TryTake(peer, part)];

        Assert.True(isHinted);
        Assert.False(isTrusted);
        Assert.NotNull(desk.Fetch.For(peer));
        Assert.Null(desk.Fetch.For(other));
        Assert.Equal([false, true, false], offers);
        Assert.False(early);
        Assert.Equal([false, true, false], parts);
    }
}
