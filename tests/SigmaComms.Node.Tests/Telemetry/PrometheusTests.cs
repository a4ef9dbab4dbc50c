using System.Diagnostics.Metrics;
using System.Text;
using SigmaComms.Cluster.Telemetry;
using SigmaComms.Node.Telemetry;

namespace SigmaComms.Node.Tests.Telemetry;

public sealed class PrometheusTests
{
    [Theory]
    [InlineData("sigma.messages.sent", "{message}", true, "sigma_messages_sent_total")]
    [InlineData("sigma.message.delivery.duration", "s", false, "sigma_message_delivery_duration_seconds")]
    [InlineData("process.cpu.time", "s", true, "process_cpu_time_seconds_total")]
    [InlineData("sigma.mailboxes.size", "By", false, "sigma_mailboxes_size_bytes")]
    [InlineData("9.lives-left", null, false, "_9_lives_left")]
    public void Names_follow_the_customs_of_Prometheus(string name, string? unit, bool isCounter, string expected) =>
        Assert.Equal(expected, PrometheusText.NameOf(name, unit, isCounter));

    [Fact]
    public void Help_and_labels_are_escaped_and_numbers_are_invariant()
    {
        PrometheusText text = new();
        text.Begin("a", "gauge", "back\\slash\nline");

        text.Sample("a", [new("quo.te", "say \"no\\\"\n"), new("b", "ü")], 1.5);
        text.Sample("a", [], double.PositiveInfinity);
        text.Sample("a", [], double.NaN);

        Assert.Equal(
            "# HELP a back\\\\slash\\nline\n# TYPE a gauge\n"
                + "a{quo_te=\"say \\\"no\\\\\\\"\\n\",b=\"ü\"} 1.5\na +Inf\na NaN\n",
            Encoding.UTF8.GetString(text.ToBytes()));
    }

    [Fact]
    public void Counters_add_up_over_scrapes_and_histograms_have_cumulative_buckets_with_the_instruments_bounds()
    {
        using PrometheusMeters meters = new();
        using Meter meter = new(NodeFigures.MeterName);
        Counter<long> sent = meter.CreateCounter<long>("test.sent", "{message}", "Sent.");
        Histogram<double> took = meter.CreateHistogram(
            "test.took", "s", "Took.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        meters.Scrape();
        sent.Add(2, new KeyValuePair<string, object?>("outcome", "ok"));
        took.Record(0.05);
        took.Record(0.5);
        took.Record(5);
        meters.Scrape();
        sent.Add(3, new KeyValuePair<string, object?>("outcome", "ok"));

        string text = Encoding.UTF8.GetString(meters.Scrape().Span);

        Assert.Contains("# HELP test_sent_total Sent.\n# TYPE test_sent_total counter\n", text);
        Assert.Contains("test_sent_total{outcome=\"ok\"} 5\n", text);
        Assert.Contains(
            "# TYPE test_took_seconds histogram\n"
                + "test_took_seconds_bucket{le=\"0.1\"} 1\ntest_took_seconds_bucket{le=\"1\"} 2\n"
                + "test_took_seconds_bucket{le=\"+Inf\"} 3\ntest_took_seconds_sum 5.55\ntest_took_seconds_count 3\n",
            text);
    }
}
