using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Consensus.Membership;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests.Control;

public sealed class ControlGenesisTests
{
    private static readonly Digest Cluster = ControlGenesis.ClusterOf(new ClusterId(new Digest16(new byte[16])));

    [Fact]
    public void A_genesis_comes_back_and_begins_the_same_log()
    {
        ControlGenesis genesis = new(Cluster, [Founder(2), Founder(1)], [SimCluster.IdentityOf(9).Id]);

        bool isRead = ControlGenesis.TryDecode(genesis.Encode(), out ControlGenesis? read);

        Assert.True(isRead);
        Assert.Equal(genesis.Foundation.Digest, read!.Foundation.Digest);
        Assert.Equal(2, read.Validators.Count);
        Assert.Equal(genesis.Encode(), read.Encode());
    }

    [Fact]
    public void Cut_prolonged_and_changed_bytes_are_no_genesis()
    {
        byte[] bytes = new ControlGenesis(Cluster, [Founder(1), Founder(2)], []).Encode();

        Assert.False(ControlGenesis.TryDecode([.. bytes, 0], out _));
        Random random = new(5);
        for (int i = 0; i < 50; i++)
        {
            byte[] changed = [.. bytes];
            changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            Assert.False(ControlGenesis.TryDecode(changed, out _));
            Assert.False(ControlGenesis.TryDecode(bytes.AsSpan(0, random.Next(bytes.Length)), out _));
        }
    }

    [Fact]
    public void Founders_of_another_cluster_twice_or_without_a_vote_are_refused()
    {
        NodeRequest founder = Founder(1);

        Assert.Throws<ArgumentException>(() => new ControlGenesis(Digest.Sha256([1]), [founder], []));
        Assert.Throws<ArgumentException>(() => new ControlGenesis(Cluster, [founder, founder], []));
        Assert.Throws<ArgumentException>(() => new ControlGenesis(Cluster, [], []));
    }

    private static NodeRequest Founder(int number) => ControlFounder.Request(
        new FaultyDisk(number), SimCluster.IdentityOf(number).Key, Cluster,
        new NodePlace(Consensus.Membership.NodeRoles.Validator, "", 100), [$"n{number}:1"],
        new SeededRandom(500 + number));
}
