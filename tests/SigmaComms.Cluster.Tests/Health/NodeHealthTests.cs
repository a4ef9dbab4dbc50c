using System.Diagnostics.Metrics;
using SigmaComms.Actors.Health;
using SigmaComms.Cluster.Health;
using SigmaComms.Cluster.Telemetry;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests.Health;

public sealed class NodeHealthTests
{
    private const int PartStarted = 910;
    private const int Failed = 912;
    private const int Restarted = 913;
    private const int Supervisor = 919;
    private const int VerdictTurned = 930;

    [Fact]
    public void Every_part_is_told_with_its_path_its_type_and_the_node_when_it_starts()
    {
        using SimCluster cluster = new();
        FieldLog log = new();

        SimNode node = Started(cluster, log);

        string[] parts = [.. log.Of(PartStarted).Select(entry => (string)entry.Fields["ActorPath"]!)];
        Assert.Contains("/user/node/telemetry", parts);
        Assert.Contains("/user/node/mailboxes", parts);
        Assert.Contains("/user/node/transport", parts);
        Assert.All(log.Of(PartStarted), entry =>
        {
            Assert.Equal("n1", entry.Fields["Node"]);
            Assert.Equal(node.Node.Report().Incarnation, entry.Fields["Incarnation"]);
            Assert.NotEmpty((string)entry.Fields["ActorType"]!);
        });
    }

    [Fact]
    public void A_mailbox_that_fails_is_told_with_error_directive_and_restart()
    {
        using SimCluster cluster = new();
        FieldLog log = new();
        SimNode node = Started(cluster, log, copies: 1);
        var alpha = new SimClient(cluster, 1);
        alpha.Connect(node);
        node.Store.Breaks = new InvalidOperationException("a planted fault");

        alpha.Deposit(new SimClient(cluster, 2).Device, 1);
        node.Store.Breaks = null;
        cluster.Until(() => log.Of(Restarted).Any());

        FieldLogEvent failed = Assert.Single(log.Of(Failed));
        Assert.StartsWith("/user/node/mailboxes/", (string)failed.Fields["ActorPath"]!);
        Assert.Equal("MailboxActor", failed.Fields["ActorType"]);
        Assert.Equal("Restart", failed.Fields["Directive"]!.ToString());
        Assert.Contains("the mailbox must recover", (string)failed.Fields["Error"]!);
        Assert.IsType<InvalidOperationException>(failed.Exception);
        Assert.Equal(failed.Fields["ActorPath"], log.Of(Restarted).Single().Fields["ActorPath"]);
        HealthComponent component = node.Node.Report().Components.Single(part => part.Path == "/user/node/mailboxes");
        Assert.Equal((Verdict.Healthy, 1), (component.Verdict, component.FailuresInWindow));
    }

    [Fact]
    public void A_full_disk_turns_the_verdict_and_room_turns_it_back_after_five_minutes_without_a_failure()
    {
        using SimCluster cluster = new();
        FieldLog log = new();
        SimNode node = Started(cluster, log, copies: 1);
        var alpha = new SimClient(cluster, 1);
        alpha.Connect(node);
        NodeId beta = new SimClient(cluster, 2).Device;
        Verdict before = node.Node.Report().Verdict;

        node.Store.IsFull = true;
        alpha.Deposit(beta, 1);
        HealthReport full = node.Node.Report();
        cluster.Advance(TimeSpan.FromSeconds(20));
        node.Store.IsFull = false;
        cluster.Until(() => alpha.Deposit(beta, 2) is Done);
        HealthReport room = node.Node.Report();
        cluster.Advance(TimeSpan.FromMinutes(6));
        HealthReport after = node.Node.Report();

        Assert.Equal(Verdict.Healthy, before);
        Assert.Equal("writes_fail", Check(full, "storage").Code);
        Assert.Equal((Verdict.Unhealthy, false), (full.Verdict, full.IsReady));
        Assert.Contains(node.Options.DataDirectory, Check(full, "storage").Recommendation);
        Assert.Equal(("writes_failed", Verdict.Degraded), (Check(room, "storage").Code, room.Verdict));
        Assert.Equal(("ok", Verdict.Healthy, true), (Check(after, "storage").Code, after.Verdict, after.IsReady));
        Assert.Equal(
            ["Unhealthy", "Degraded", "Healthy"],
            log.Of(VerdictTurned).Select(entry => entry.Fields["Verdict"]!.ToString()));
        Assert.Contains("storage writes_fail", log.Of(VerdictTurned).First().Text);
    }

    [Fact]
    public void A_check_says_for_how_long_it_has_been_so()
    {
        using SimCluster cluster = new();
        SimNode node = Started(cluster, new FieldLog());
        node.Node.Report();

        cluster.Advance(TimeSpan.FromMinutes(2));

        Assert.InRange(Check(node.Node.Report(), "storage").Age, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(3));
    }

    [Fact]
    public void The_health_of_every_supervisor_is_told_every_thirty_seconds()
    {
        using SimCluster cluster = new();
        FieldLog log = new();
        Started(cluster, log);
        int before = log.Of(Supervisor).Count(IsRoot);

        cluster.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(4, log.Of(Supervisor).Count(IsRoot) - before);
        Assert.True((int)log.Of(Supervisor).First(IsRoot).Fields["Actors"]! >= 7);
    }

    [Fact]
    public void A_node_whose_peers_are_gone_is_not_ready_and_says_how_many_are_up()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);
        cluster.Nodes[1].Kill();
        cluster.Until(() => cluster.Nodes[0].Node.Health().MembersUp == 2);
        HealthReport oneGone = cluster.Nodes[0].Node.Report();

        cluster.Nodes[2].Kill();
        cluster.Until(() => cluster.Nodes[0].Node.Health().MembersUp == 1);
        HealthReport alone = cluster.Nodes[0].Node.Report();

        Assert.Equal(("members_missing", true), (Check(oneGone, "membership").Code, oneGone.IsReady));
        Assert.Equal(("minority", false), (Check(alone, "membership").Code, alone.IsReady));
        Assert.StartsWith("1 of 3", Check(alone, "membership").Detail);
    }

    [Fact]
    public void Messages_are_counted_and_their_delivery_is_timed_with_bounded_labels()
    {
        Dictionary<string, double> sums = [];
        HashSet<string> labels = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == NodeFigures.MeterName)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        using SimCluster cluster = SimCluster.OfUpNodes(2);
        var alpha = new SimClient(cluster, 1);
        var beta = new SimClient(cluster, 2);
        alpha.Connect(cluster.Nodes[0]);
        beta.Connect(cluster.Nodes[1]);
        beta.Subscribe();

        alpha.Deposit(beta.Device, 1);
        cluster.Until(() => beta.Deliveries.Count == 1);
        cluster.Advance(TimeSpan.FromSeconds(1));

        lock (sums)
        {
            Assert.True(sums["sigma.messages.sent"] >= 1);
            Assert.True(sums.ContainsKey("sigma.message.delivery.duration"));
            Assert.True(sums["sigma.journal.events"] >= 2);
            Assert.Contains("type=Deposit", labels);
            Assert.DoesNotContain(labels, label => label.Contains(beta.Device.Short, StringComparison.Ordinal));
        }

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            lock (sums)
            {
                sums[instrument.Name] = sums.GetValueOrDefault(instrument.Name) + value;
                foreach ((string key, object? label) in tags)
                {
                    labels.Add($"{key}={label}");
                }
            }
        }
    }

    private static bool IsRoot(FieldLogEvent entry) => (string)entry.Fields["ActorPath"]! == "/user/node";

    private static HealthCheck Check(HealthReport report, string name) =>
        report.Checks.Single(check => check.Name == name);

    private static SimNode Started(SimCluster cluster, FieldLog log, int copies = 2)
    {
        SimNode node = cluster.AddNode(1, options => options.Copies = copies);
        cluster.Await(node.Start(log));
        cluster.Until(() => node.Node.Health().IsReady);
        return node;
    }
}
