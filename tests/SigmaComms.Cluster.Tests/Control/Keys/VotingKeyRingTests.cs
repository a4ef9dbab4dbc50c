using SigmaComms.Cluster.Control.Keys;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Membership;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Tests.Control.Keys;

public sealed class VotingKeyRingTests
{
    private static readonly Digest Cluster = Digest.Sha256([3]);

    private readonly FaultyDisk _disk = new(1);
    private readonly SimIdentity _node = SimCluster.IdentityOf(1);

    [Fact]
    public void A_key_is_there_again_after_a_power_cut_and_its_claim_is_good()
    {
        using VotingKeyRing ring = Open();
        VotingKeyClaim claim = ring.Create(3, isUsed: false);
        _disk.Cut();

        using VotingKeyRing again = Open();

        Assert.True(claim.Verify(_node.Id, Cluster, MlDsa65Verifier.Instance));
        Assert.NotNull(again.Find(claim.Key.Span));
        Assert.Equal(3U, again.IncarnationOf(claim.Key.Span));
        Assert.Equal(claim.KeyDigest, again.NewestClaim()!.KeyDigest);
        Assert.False(again.IsUsed);
    }

    [Fact]
    public void That_a_log_is_kept_is_remembered()
    {
        using VotingKeyRing ring = Open();
        ring.Create(1, isUsed: false);

        ring.MarkUsed();

        using VotingKeyRing again = Open();
        Assert.True(again.IsUsed);
    }

    [Fact]
    public void Keys_before_the_one_in_force_are_erased_for_good()
    {
        using VotingKeyRing ring = Open();
        VotingKeyClaim old = ring.Create(1, isUsed: true);
        VotingKeyClaim inForce = ring.Create(1, isUsed: true);
        VotingKeyClaim next = ring.Create(1, isUsed: true);

        int erased = ring.EraseBefore(inForce.Key.Span);

        using VotingKeyRing again = Open();
        Assert.Equal(1, erased);
        Assert.Null(again.Find(old.Key.Span));
        Assert.NotNull(again.Find(inForce.Key.Span));
        Assert.NotNull(again.Find(next.Key.Span));
    }

    [Fact]
    public void All_keys_can_be_erased_for_good_and_a_new_one_made_later()
    {
        using VotingKeyRing ring = Open();
        VotingKeyClaim old = ring.Create(1, isUsed: true);
        ring.Create(1, isUsed: true);

        int erased = ring.EraseAll();

        using VotingKeyRing again = Open();
        Assert.Equal(2, erased);
        Assert.Empty(again.Entries);
        Assert.Null(ring.Find(old.Key.Span));
        Assert.Equal(0, again.EraseAll());
        Assert.Equal(2U, again.Create(2, isUsed: true).Incarnation);
    }

    [Fact]
    public void Another_node_or_cluster_and_a_flipped_bit_open_nothing()
    {
        using VotingKeyRing ring = Open();
        ring.Create(1, isUsed: true);

        using var otherNode = VotingKeyRing.Open(_disk, Cluster, SimCluster.IdentityOf(2).Key, new SeededRandom(2));
        using var otherCluster = VotingKeyRing.Open(_disk, Digest.Sha256([4]), _node.Key, new SeededRandom(2));
        _disk.Rot(VotingKeyRing.FileName, 20);
        using VotingKeyRing rotten = Open();

        Assert.Empty(otherNode.Entries);
        Assert.Empty(otherCluster.Entries);
        Assert.Empty(rotten.Entries);
    }

    private VotingKeyRing Open() => VotingKeyRing.Open(_disk, Cluster, _node.Key, new SeededRandom(2));
}
