using SigmaComms.Cluster.Membership;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests;

public sealed class FailureDetectionTests
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    [Fact]
    public void A_frozen_node_is_suspected_within_the_bound_and_is_up_again_after_it_thaws()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        cluster.Advance(TimeSpan.FromSeconds(10));
        SimNode frozen = cluster.Nodes[2];
        SimNode[] others = [.. cluster.Nodes.Where(node => node != frozen)];

        frozen.Host.Freeze();
        cluster.Until(() => others.All(node => node.Node.Health().MembersUp == 3), seconds: 2);
        cluster.Advance(TimeSpan.FromSeconds(20));
        frozen.Host.Thaw();

        cluster.Until(cluster.AllUp, seconds: 5);
        Assert.False(frozen.Node.Failed.IsCompleted);
    }

    [Fact]
    public void Requests_to_a_frozen_node_fail_when_it_is_suspected_not_at_their_own_timeout()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(
            4, options => options.RequestTimeout = TimeSpan.FromSeconds(60));
        cluster.Advance(TimeSpan.FromSeconds(10));
        var alpha = new SimClient(cluster, 1);
        SimNode[] ranked = cluster.Ranked(SimCluster.IdentityOf(2_002).Id);
        alpha.Connect(ranked[3]);

        ranked[0].Host.Freeze();
        DateTimeOffset before = cluster.Now;
        LinkMessage answer = alpha.Deposit(SimCluster.IdentityOf(2_002).Id, 1);

        Assert.IsType<Done>(answer);
        Assert.InRange((cluster.Now - before).TotalSeconds, 0.5, 2.5);
    }

    [Fact]
    public void A_node_that_stood_still_itself_accuses_nobody()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);
        cluster.Advance(TimeSpan.FromSeconds(10));
        SimNode frozen = cluster.Nodes[0];

        frozen.Host.Freeze();
        cluster.Advance(TimeSpan.FromSeconds(20));
        frozen.Host.Thaw();
        cluster.Until(cluster.AllUp, seconds: 5);

        Assert.DoesNotContain(cluster.Log.Lines, line =>
            line.Contains($"Node {cluster.Nodes[1].Id.Short} was not heard", StringComparison.Ordinal));
        Assert.Contains(cluster.Log.Lines, line =>
            line.Contains($"Node {frozen.Id.Short} was not heard", StringComparison.Ordinal));
    }

    [Fact]
    public void A_lost_node_is_shown_as_down_after_a_while()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);
        cluster.Nodes[2].Kill();

        cluster.Advance(TimeSpan.FromSeconds(5));
        MemberState early = StateSeen(cluster, 0, 2);
        cluster.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(MemberState.Suspect, early);
        Assert.Equal(MemberState.Down, StateSeen(cluster, 0, 2));
    }

    [Fact]
    public void A_member_that_nobody_has_met_since_a_restart_is_shown_as_down_too()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);
        foreach (SimNode node in cluster.Nodes)
        {
            node.Kill();
        }

        foreach (SimNode node in cluster.Nodes.Take(2))
        {
            cluster.Await(node.Start(cluster.Log));
        }

        cluster.Advance(TimeSpan.FromSeconds(5));
        MemberState early = StateSeen(cluster, 0, 2);
        cluster.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(MemberState.Joining, early);
        Assert.Equal((MemberState.Up, MemberState.Down), (StateSeen(cluster, 0, 1), StateSeen(cluster, 0, 2)));
    }

    [Fact]
    public void Regular_heartbeats_are_never_late_and_silence_is_late_at_the_lower_bound()
    {
        var detector = new ArrivalDetector(Beat, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.Zero);
        TimeSpan now = TimeSpan.Zero;
        for (int i = 0; i < 100; i++)
        {
            now += Beat;
            Assert.False(detector.IsLate(now));
            detector.Arrived(now);
        }

        Assert.False(detector.IsLate(now + TimeSpan.FromSeconds(1)));
        Assert.True(detector.IsLate(now + TimeSpan.FromSeconds(1.001)));
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void Irregular_heartbeats_lengthen_the_wait_up_to_the_upper_bound(int seed)
    {
        Console.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var detector = new ArrivalDetector(Beat, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.Zero);
        TimeSpan now = TimeSpan.Zero;
        for (int i = 0; i < 200; i++)
        {
            now += TimeSpan.FromMilliseconds(random.Next(50, 1_500));
            detector.Arrived(now);
        }

        Assert.InRange(detector.Limit.TotalSeconds, 2, 5);
    }

    [Fact]
    public void A_pause_of_the_process_itself_is_told_from_ordinary_ticks()
    {
        var watch = new PauseWatch(TimeSpan.FromMilliseconds(600), TimeSpan.Zero);

        Assert.Equal(TimeSpan.Zero, watch.Tick(TimeSpan.FromMilliseconds(100)));
        Assert.Equal(TimeSpan.FromSeconds(20), watch.Tick(TimeSpan.FromMilliseconds(20_100)));
        Assert.Equal(TimeSpan.Zero, watch.Tick(TimeSpan.FromMilliseconds(20_200)));
    }

    private static MemberState StateSeen(SimCluster cluster, int by, int of) => cluster.Nodes[by].Node.Status()
        .Members.Single(member => member.Id == cluster.Nodes[of].Id).State;
}
