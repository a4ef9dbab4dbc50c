using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Vault.Tests.Scatter;

public sealed class PlacementTests
{
    private static readonly byte[] Key = new byte[32];

    // All nodes must agree on the ranking. The numbers are those of another program, with floating point.
    [Fact]
    public void The_ranking_is_the_same_on_every_machine()
    {
        Placement placement = new(Nodes(8, zones: 4, weight: i => i + 1));

        NodeId[][] ranks = placement.Rank(Ids(default, 4));

        int[] homes = [.. ranks.Select(rank => NumberOf(rank[0]))];
        int[] last = [.. ranks.Select(rank => NumberOf(rank[^1]))];
        Assert.Equal("2 7 5 4", string.Join(' ', homes));
        Assert.Equal("7 5 4 2", string.Join(' ', last));
    }

    [Theory]
    [InlineData(0, 1UL << 30)]
    [InlineData(1, 1UL << 30)]
    [InlineData(1UL << 63, 1UL << 24)]
    [InlineData(0x123456789abcdef0, 63984630)]
    public void The_logarithm_is_right_to_its_last_bits(ulong value, ulong logarithm)
    {
        Assert.InRange(RendezvousCost.NegativeLogarithm(value), logarithm - 1, logarithm + 1);
    }

    [Fact]
    public void The_order_in_which_nodes_are_told_does_not_matter()
    {
        StorageNode[] nodes = Nodes(10, zones: 3);
        FragmentId[] ids = Ids(default, 6);

        NodeId[][] forward = new Placement(nodes).Rank(ids);
        NodeId[][] backward = new Placement(nodes.Reverse()).Rank(ids);

        Assert.Equal(forward.SelectMany(rank => rank), backward.SelectMany(rank => rank));
    }

    [Fact]
    public void Every_rank_holds_every_node_once_and_no_two_fragments_share_a_node_or_zone_while_they_suffice()
    {
        Placement placement = new(Nodes(20, zones: 6));
        foreach (StripeId stripe in Stripes(200))
        {
            NodeId[][] ranks = placement.Rank(Ids(stripe, 6));

            Assert.All(ranks, rank => Assert.Equal(20, rank.Distinct().Count()));
            Assert.Equal(6, ranks.Select(rank => rank[0]).Distinct().Count());
            Assert.Equal(6, ranks.Select(rank => NumberOf(rank[0]) % 6).Distinct().Count());
        }
    }

    [Fact]
    public void Too_few_zones_or_nodes_share_as_evenly_as_they_can()
    {
        Placement twoZones = new(Nodes(8, zones: 2));
        Placement fourNodes = new(Nodes(4, zones: 0));
        foreach (StripeId stripe in Stripes(200))
        {
            FragmentId[] ids = Ids(stripe, 6);

            int[] zones = [.. twoZones.Rank(ids).CountBy(rank => NumberOf(rank[0]) % 2).Select(pair => pair.Value)];
            int[] nodes = [.. fourNodes.Rank(ids).CountBy(rank => rank[0]).Select(pair => pair.Value)];

            Assert.Equal([3, 3], zones);
            Assert.Equal([1, 1, 2, 2], nodes.Order());
        }
    }

    [Fact]
    public void Fragments_are_spread_by_weight()
    {
        Placement placement = new(Nodes(10, zones: 0, weight: i => i < 5 ? 100 : 300));
        int heavy = 0;
        foreach (StripeId stripe in Stripes(1_500))
        {
            heavy += NumberOf(placement.Rank(Ids(stripe, 1))[0][0]) >= 5 ? 1 : 0;
        }

        // Three quarters, within four standard deviations; the inputs are fixed.
        Assert.InRange(heavy, 1_125 - 67, 1_125 + 67);
    }

    [Fact]
    public void A_node_that_leaves_moves_only_stripes_that_it_held_and_little_of_these()
    {
        StorageNode[] nodes = Nodes(20, zones: 0);
        Placement before = new(nodes);
        Placement after = new(nodes.Skip(1));
        int held = 0;
        int moved = 0;
        foreach (StripeId stripe in Stripes(150))
        {
            FragmentId[] ids = Ids(stripe, 6);
            NodeId[] old = [.. before.Rank(ids).Select(rank => rank[0])];
            NodeId[] now = [.. after.Rank(ids).Select(rank => rank[0])];
            int changes = old.Zip(now).Count(pair => pair.First != pair.Second);

            if (old.Contains(nodes[0].Node))
            {
                held++;
                moved += changes;
            }
            else
            {
                Assert.Equal(0, changes);
            }
        }

        // One fragment must move; another one does when the first lands on its node.
        Assert.InRange((double)moved / held, 1, 1.5);
    }

    [Fact]
    public void Nodes_that_are_no_membership_are_refused()
    {
        StorageNode node = Nodes(1, zones: 0)[0];

        Assert.Throws<ArgumentException>(() => new Placement([]));
        Assert.Throws<ArgumentException>(() => new Placement([node, node]));
        Assert.Throws<ArgumentException>(() => new Placement([node with { Weight = 0 }]));
        Assert.Throws<ArgumentException>(() => new Placement([node with { Weight = 1_000_001 }]));
    }

    private static StorageNode[] Nodes(int count, int zones, Func<int, int>? weight = null) =>
    [
        .. Enumerable.Range(0, count).Select(i => new StorageNode(
            new NodeId(new Digest([(byte)i, .. Digest.Sha256([(byte)i]).ToArray().AsSpan(1)])),
            zones == 0 ? "" : $"zone {i % zones}",
            weight?.Invoke(i) ?? 100)),
    ];

    private static FragmentId[] Ids(StripeId stripe, int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => new FragmentId(new Digest(
            HMACSHA256.HashData(Key, (byte[])[.. "sigma vault fragment 1"u8, .. BytesOf(stripe), (byte)i])))),
    ];

    private static int NumberOf(NodeId node) => node.Value.ToArray()[0];

    private static byte[] BytesOf(StripeId stripe)
    {
        byte[] bytes = new byte[StripeId.SizeBytes];
        stripe.CopyTo(bytes);
        return bytes;
    }

    private static IEnumerable<StripeId> Stripes(int count)
    {
        for (int i = 0; i < count; i++)
        {
            yield return new StripeId(Digest.Sha256(BitConverter.GetBytes(i)).ToArray().AsSpan(0, 16));
        }
    }
}
