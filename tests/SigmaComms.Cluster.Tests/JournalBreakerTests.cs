using SigmaComms.Actors.Breakers;
using SigmaComms.Actors.Health;
using SigmaComms.Cluster.Health;
using SigmaComms.Cluster.Tests.Health;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests;

/// <summary>The breakers before the journal of a node, in its tree, its health and its log.</summary>
public sealed class JournalBreakerTests
{
    private const string Journal = "/user/node/journal";
    private const int Opened = 920;
    private const int Turned = 921;

    [Fact]
    public void While_the_store_is_away_deposits_are_refused_at_once_with_the_reason_and_the_health_names_the_breaker()
    {
        using SimCluster cluster = new();
        FieldLog log = new();
        SimNode node = Started(cluster, log);
        (SimClient alpha, SimClient beta) = Pair(cluster, node);
        Assert.IsType<Done>(alpha.Deposit(beta.Device, 1));

        node.Store.IsAway = true;
        cluster.Until(() => alpha.Deposit(beta.Device, 2) is Refused && Writes(node).State == BreakerState.Open);
        DateTimeOffset asked = cluster.Now;
        LinkMessage refused = alpha.Deposit(beta.Device, 2);
        TimeSpan took = cluster.Now - asked;
        HealthReport away = node.Node.Report();
        node.Store.IsAway = false;
        cluster.Until(() => Writes(node).State == BreakerState.Closed);
        HealthReport back = node.Node.Report();
        cluster.Advance(node.Options.HealthWindow + TimeSpan.FromMinutes(1));
        LinkMessage stored = alpha.Deposit(beta.Device, 2);
        beta.Subscribe();
        cluster.Until(() => beta.DeliveredIds.Count() == 2);

        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
        Refused refusal = Assert.IsType<Refused>(refused);
        Assert.Equal(RefusalReason.StorageFailed, refusal.Reason);
        Assert.Contains("the server cannot be reached", refusal.Detail);
        Assert.Contains("is tried again in", refusal.Detail);
        HealthComponent part = away.Components.Single(component => component.Path == Journal);
        Assert.Equal((Verdict.Unhealthy, "breaker_open"), (part.Verdict, part.State));
        Assert.Contains("the server cannot be reached", away.Checks.Single(check => check.Name == "storage").Detail);
        Assert.Equal(Verdict.Degraded, back.Verdict);
        Assert.Equal(Verdict.Healthy, node.Node.Report().Verdict);
        Assert.IsType<Done>(stored);
        FieldLogEvent told = log.Of(Opened).First();
        Assert.Equal((Journal, "JournalActor", "n1"),
            (told.Fields["ActorPath"], told.Fields["ActorType"], told.Fields["Node"]));
        Assert.Contains("the server cannot be reached", (string)told.Fields["Error"]!);
        Assert.Equal(
            ["HalfOpen", "Closed"],
            log.Of(Turned).TakeLast(2).Select(entry => entry.Fields["State"]!.ToString()));
    }

    [Fact]
    public void A_node_that_nobody_asks_notices_that_its_store_is_gone_and_that_it_is_back()
    {
        using SimCluster cluster = new();
        SimNode node = Started(cluster, new FieldLog());
        cluster.Advance(TimeSpan.FromMinutes(1));
        bool before = node.Node.Health().IsStorageFailing;

        node.Store.IsAway = true;
        cluster.Until(() => node.Node.Health().IsStorageFailing, seconds: 15);
        cluster.Until(() => Reads(node).State == BreakerState.Open, seconds: 60);
        cluster.Advance(TimeSpan.FromMinutes(10));
        node.Store.IsAway = false;
        cluster.Until(() => !node.Node.Health().IsStorageFailing, seconds: 15);
        cluster.Until(
            () => (Reads(node).State, Writes(node).State) == (BreakerState.Closed, BreakerState.Closed), seconds: 15);

        Assert.False(before);
    }

    [Fact]
    public void A_store_that_hangs_is_left_alone_soon_and_what_was_confirmed_is_delivered()
    {
        using SimCluster cluster = new();
        SimNode node = Started(cluster, new FieldLog());
        (SimClient alpha, SimClient beta) = Pair(cluster, node);
        Assert.IsType<Done>(alpha.Deposit(beta.Device, 1));

        node.Store.Hang = new TaskCompletionSource();
        DateTimeOffset asked = cluster.Now;
        LinkMessage slow = alpha.Deposit(beta.Device, 2);
        TimeSpan slowTook = cluster.Now - asked;
        cluster.Until(() => Writes(node).State == BreakerState.Open, seconds: 120);
        asked = cluster.Now;
        LinkMessage quick = alpha.Deposit(beta.Device, 3);
        TimeSpan quickTook = cluster.Now - asked;
        node.Store.Hang.SetResult();
        node.Store.Hang = null;
        cluster.Until(() => alpha.Deposit(beta.Device, 3) is Done, seconds: 120);
        beta.Subscribe();
        cluster.Until(() => beta.DeliveredIds.Contains(SimClient.Id(3)), seconds: 60);

        Assert.Equal(RefusalReason.StorageFailed, Assert.IsType<Refused>(slow).Reason);
        Assert.InRange(slowTook, TimeSpan.Zero, node.Options.RequestTimeout + TimeSpan.FromSeconds(1));
        Assert.Equal(RefusalReason.StorageFailed, Assert.IsType<Refused>(quick).Reason);
        Assert.InRange(quickTook, TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
        Assert.Contains(SimClient.Id(1), beta.DeliveredIds);
    }

    [Fact]
    public void A_full_disk_can_still_be_read_while_writing_is_left_alone()
    {
        using SimCluster cluster = new();
        SimNode node = Started(cluster, new FieldLog());
        (SimClient alpha, SimClient beta) = Pair(cluster, node);
        Assert.IsType<Done>(alpha.Deposit(beta.Device, 1));

        node.Store.IsFull = true;
        cluster.Until(() => alpha.Deposit(beta.Device, 2) is Refused && Writes(node).State == BreakerState.Open);
        beta.Subscribe();
        cluster.Until(() => beta.DeliveredIds.Any());

        Assert.Equal([SimClient.Id(1)], beta.DeliveredIds);
        Assert.Equal(BreakerState.Closed, Reads(node).State);
    }

    private static BreakerSnapshot Writes(SimNode node) => Of(node, "writes");

    private static BreakerSnapshot Reads(SimNode node) => Of(node, "reads");

    private static BreakerSnapshot Of(SimNode node, string name) => node.Node.Tree().All
        .Single(actor => actor.Path.Elements == Journal).Breakers.Single(breaker => breaker.Name == name);

    private static SimNode Started(SimCluster cluster, FieldLog log)
    {
        SimNode node = cluster.AddNode(1, options => options.Copies = 1);
        cluster.Await(node.Start(log));
        cluster.Until(() => node.Node.Health().IsReady);
        return node;
    }

    private static (SimClient Alpha, SimClient Beta) Pair(SimCluster cluster, SimNode node)
    {
        var alpha = new SimClient(cluster, 1);
        var beta = new SimClient(cluster, 2);
        alpha.Connect(node);
        beta.Connect(node);
        return (alpha, beta);
    }
}
