using System.Collections.Immutable;
using SigmaComms.Cluster.Membership;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests;

public sealed class OwnershipTests
{
    private const int Copies = 2;

    private static readonly OperatorSignedAdmissions Authority =
        new(new ClusterId(new Digest16(new byte[16])), SimCluster.IdentityOf(1_000).PublicKey);

    [Fact]
    public void A_view_of_more_members_has_a_greater_number_and_equal_sets_have_equal_views()
    {
        NodeId[] nodes = [.. Enumerable.Range(1, 20).Select(Node)];

        MembershipView[] views = [.. Enumerable.Range(1, 20).Select(count => Authority.ViewOf(nodes.Take(count)))];

        Assert.Equal(views, views.OrderBy(view => view.Number));
        Assert.Equal(20, views.Select(view => view.Number).Distinct().Count());
        Assert.Equal(views[7], Authority.ViewOf(nodes.Take(8)));
        Assert.False(views[7].MayExceed(views[7]));
        Assert.True(views[8].MayExceed(views[7]));
        Assert.False(views[7].MayExceed(views[8]));
    }

    [Fact]
    public void Two_views_of_one_size_and_other_members_may_each_exceed_the_other()
    {
        MembershipView one = Authority.ViewOf([Node(1), Node(2)]);
        MembershipView other = Authority.ViewOf([Node(1), Node(3)]);

        Assert.True(one.MayExceed(other));
        Assert.True(other.MayExceed(one));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whoever_is_asked_by_an_equal_view_is_an_owner_whoever_is_passed_over(int seed)
    {
        var random = new Random(seed);
        for (int run = 0; run < 300; run++)
        {
            ClusterView view = View([.. Enumerable.Range(1, random.Next(2, 9)).Select(Node)]);
            NodeId device = Node(100 + run);
            NodeId[] ranked = [.. view.Rank(device.Value.ToArray())];
            NodeId[] owners = [.. ranked.Where(_ => random.Next(2) == 0).Take(Copies)];
            if (owners.Length == 0)
            {
                continue;
            }

            OwnershipClaim claim = view.ClaimFor(device, owners);

            Assert.True(owners.All(owner => view.IsOwner(owner, device, claim)), $"seed {seed}, run {run}");
            Assert.All(ranked.Except(owners), other => Assert.False(view.IsOwner(other, device, claim)));
        }
    }

    [Fact]
    public void By_a_view_with_a_better_node_the_last_owner_of_the_older_view_is_none_any_more()
    {
        NodeId device = Node(100);
        NodeId[] ranked = [.. View([.. Enumerable.Range(1, 5).Select(Node)]).Rank(device.Value.ToArray())];
        ClusterView old = View([ranked[1], ranked[2], ranked[3]]);
        ClusterView young = View(ranked);

        OwnershipClaim claim = old.ClaimFor(device, [ranked[1], ranked[2]]);

        Assert.True(old.IsOwner(ranked[2], device, claim));
        Assert.False(young.IsOwner(ranked[2], device, claim));
        Assert.True(young.IsOwner(ranked[1], device, claim));
        Assert.True(young.IsOwner(ranked[2], device, claim with { PassedOver = [ranked[0]] }));
    }

    private static NodeId Node(int number) => NodeId.Of(BitConverter.GetBytes(number));

    private static ClusterView View(NodeId[] nodes)
    {
        var members = nodes.ToImmutableSortedDictionary(node => node, _ => (Member)null!);
        return new ClusterView(nodes[0], members) { Membership = Authority.ViewOf(members.Keys) };
    }
}
