using System.Diagnostics;
using System.Diagnostics.Metrics;
using SigmaComms.Cluster.Telemetry;
using SigmaComms.Node.Configuration;
using SigmaComms.OtlpSink;

namespace SigmaComms.Node.Tests.Telemetry;

public sealed class OtlpTests
{
    [Fact]
    public async Task An_actors_event_arrives_with_its_path_type_node_category_and_error()
    {
        await using SeqSink sink = await SeqSink.StartAsync("the-key");
        await using ObservedNode node = new("the-key") { Configuration = To(sink) };
        node.Begin();

        Tell(node, 1, new InvalidOperationException("a planted fault"));
        node.Logger.Refused("somebody");
        await ObservedNode.UntilAsync(() => sink.Events.Count == 2);

        SinkEvent failed = sink.Events[0];
        Assert.Equal("n1/7: actor /user/node/mailboxes/$1 (MailboxActor) failed, 1", failed.Text);
        Assert.Equal(
            ("/user/node/mailboxes/$1", "MailboxActor", "n1", "7", "System"),
            (failed["ActorPath"], failed["ActorType"], failed["Node"], failed["Incarnation"], failed["Category"]));
        Assert.Equal(("912", "a planted fault"), (failed["Event"], failed["exception.message"]));
        Assert.Equal(("sigma", "n1"), (failed.Resource["service.name"], failed.Resource["service.instance.id"]));
        Assert.Equal(("Security", "n1"), (sink.Events[1]["Category"], sink.Events[1]["Node"]));
        Assert.Equal(0, sink.Refused);
    }

    [Theory]
    [InlineData(SinkFault.Unavailable)]
    [InlineData(SinkFault.Broken)]
    public async Task No_event_is_lost_or_doubled_while_the_server_fails(SinkFault fault)
    {
        await using SeqSink sink = await SeqSink.StartAsync();
        await using ObservedNode node = new() { Configuration = To(sink) };
        node.Begin();
        sink.Fault = fault;

        TellMany(node, from: 0, to: 300);
        await ObservedNode.UntilAsync(() => node.Telemetry.State is { IsReachable: false, WaitingBatches: > 0 });
        sink.Fault = SinkFault.None;
        await ObservedNode.UntilAsync(() => sink.Events.Count >= 300 && IsDone(node));
        await node.EndAsync();

        Assert.Equal(Enumerable.Range(0, 300), Numbers(sink));
    }

    [Fact]
    public async Task No_event_is_lost_while_the_server_hangs()
    {
        await using SeqSink sink = await SeqSink.StartAsync();
        await using ObservedNode node = new()
        {
            Configuration = To(sink), AnswerTimeout = TimeSpan.FromMilliseconds(500),
        };
        node.Begin();
        sink.Fault = SinkFault.Hangs;

        TellMany(node, from: 0, to: 300);
        await ObservedNode.UntilAsync(() => node.Telemetry.State is { IsReachable: false, WaitingBatches: > 0 });
        sink.Fault = SinkFault.None;
        await ObservedNode.UntilAsync(() => Numbers(sink).Distinct().Count() == 300);

        // An answer that comes too late doubles its batch: delivery is at least once, in order of the first arrival.
        Assert.Equal(Enumerable.Range(0, 300), Numbers(sink).Distinct());
    }

    [Fact]
    public async Task No_event_is_lost_while_connections_are_refused()
    {
        await using SeqSink sink = await SeqSink.StartAsync();
        await using ObservedNode node = new() { Configuration = To(sink) };
        node.Begin();
        TellMany(node, from: 0, to: 10);
        await ObservedNode.UntilAsync(() => sink.Events.Count == 10 && IsDone(node));
        await sink.StopAsync();

        TellMany(node, from: 10, to: 300);
        await ObservedNode.UntilAsync(() => node.Telemetry.State is { IsReachable: false });
        await sink.StartAsync();
        await ObservedNode.UntilAsync(() => sink.Events.Count >= 300 && IsDone(node));

        Assert.Equal(Enumerable.Range(0, 300), Numbers(sink));
        Assert.Equal(0, node.Telemetry.State!.Dropped);
    }

    [Fact]
    public async Task What_the_server_did_not_take_is_sent_by_the_next_process()
    {
        await using SeqSink sink = await SeqSink.StartAsync("the-key");
        await using ObservedNode node = new() { Configuration = To(sink) };
        node.Begin("a-wrong-key");
        TellMany(node, from: 0, to: 100);
        await node.EndAsync();
        int refused = sink.Refused;
        int before = sink.Events.Count;

        node.Begin("the-key");
        await ObservedNode.UntilAsync(() => sink.Events.Count >= 100 && IsDone(node));
        TellMany(node, from: 100, to: 110);
        await node.EndAsync();

        Assert.True(refused > 0);
        Assert.Equal(0, before);
        Assert.Equal(Enumerable.Range(0, 110), Numbers(sink));
    }

    [Fact]
    public async Task A_server_that_takes_no_figures_gets_the_events_all_the_same()
    {
        await using SeqSink sink = await SeqSink.StartAsync("the-key");
        await using ObservedNode node = new() { Configuration = To(sink) };
        using Meter meter = new(NodeFigures.MeterName);
        node.Begin("a-wrong-key");
        meter.CreateCounter<long>("sigma.messages.sent", "{message}").Add(3);
        await node.EndAsync();
        sink.Fault = SinkFault.TakesNoFigures;

        node.Begin("the-key");
        TellMany(node, from: 0, to: 10);
        await ObservedNode.UntilAsync(() => sink.Events.Count == 10 && IsDone(node));

        Assert.Equal(Enumerable.Range(0, 10), Numbers(sink));
        Assert.Equal(1, node.Telemetry.State!.Dropped);
        Assert.Empty(sink.Metrics);
    }

    [Fact]
    public async Task A_server_that_refuses_a_batch_is_there_all_the_same()
    {
        await using SeqSink sink = await SeqSink.StartAsync();
        await using ObservedNode node = new() { Configuration = To(sink) };
        node.Begin();
        sink.Fault = SinkFault.Unavailable;
        Tell(node, 0);
        await ObservedNode.UntilAsync(() => node.Telemetry.State is { IsReachable: false });

        sink.Fault = SinkFault.Refuses;
        await ObservedNode.UntilAsync(() => node.Telemetry.State is { IsReachable: true });

        Assert.Equal((0L, 1L), (node.Telemetry.State!.Sent, node.Telemetry.State.Dropped));
    }

    [Fact]
    public async Task Figures_arrive_as_deltas_with_units_and_the_nodes_own_buckets_and_spans_by_name()
    {
        await using SeqSink sink = await SeqSink.StartAsync();
        await using ObservedNode node = new() { Configuration = To(sink) with { TracesPercent = 100 } };
        node.Begin();
        using Meter meter = new(NodeFigures.MeterName);
        using ActivitySource source = new(NodeActivity.SourceName);

        meter.CreateCounter<long>("sigma.messages.sent", "{message}").Add(3);
        meter.CreateHistogram(
            "sigma.message.delivery.duration", "s", null, null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] }).Record(0.5);
        source.StartActivity("Deposit")?.Dispose();
        await node.EndAsync();

        SinkMetric sent = sink.Metrics.Last(metric => metric.Name == "sigma.messages.sent");
        Assert.Equal(("{message}", true, 3), (sent.Unit, sent.IsDelta, sent.Value));
        SinkMetric delivery = sink.Metrics.Last(metric => metric.Name == "sigma.message.delivery.duration");
        Assert.Equal(("s", true, 1), (delivery.Unit, delivery.IsDelta, delivery.Value));
        Assert.Equal([0.1, 1], delivery.Bounds);
        Assert.Contains("Deposit", sink.Spans);
    }

    // The sink has an event before the sender has its answer.
    private static bool IsDone(ObservedNode node) => node.Telemetry.State is { IsReachable: true, WaitingBatches: 0 };

    private static TelemetryConfiguration To(SeqSink sink) =>
        new() { Seq = sink.Url, LogFile = LogFileRolling.Off };

    private static void Tell(ObservedNode node, int number, Exception? cause = null) =>
        node.Logger.ActorFailed(cause, "n1", 7, "/user/node/mailboxes/$1", "MailboxActor", number);

    private static void TellMany(ObservedNode node, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            Tell(node, i);
        }
    }

    private static IEnumerable<int> Numbers(SeqSink sink) =>
        sink.Events.Select(entry => int.Parse(entry["Number"]!, System.Globalization.CultureInfo.InvariantCulture));
}
