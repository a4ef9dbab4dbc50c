using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using SigmaComms.Actors.Health;
using SigmaComms.Cluster.Health;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Telemetry;
using SigmaComms.Node.Tests.Configuration;
using SigmaComms.OtlpSink;

namespace SigmaComms.Node.Tests.Telemetry;

/// <summary>A storm of events while the thread that hands them on is held: what finds no place is counted.</summary>
[Collection(nameof(AloneCollection))]
public sealed partial class DroppedEventsTests
{
    private const int Storm = 20_000;

    [Fact]
    public async Task Each_event_of_a_storm_reaches_the_server_or_is_counted()
    {
        await using SeqSink sink = await SeqSink.StartAsync();
        await using ObservedNode node = new()
        {
            Configuration = new TelemetryConfiguration { Seq = sink.Url, LogFile = LogFileRolling.Off },
        };
        node.Begin();
        long dropped = Blow(node, "server");

        await ObservedNode.UntilAsync(() => sink.Events.Count + dropped >= Storm + 1);

        Assert.InRange(dropped, 3_000, 4_000);
        Assert.Equal(Storm + 1, sink.Events.Count + dropped);
        HealthCheck check = CheckOf(node);
        Assert.Equal(("log", "events_dropped", Verdict.Degraded), (check.Name, check.Code, check.Verdict));
        Assert.StartsWith($"{dropped} events for the log server and 0 for the log file", check.Detail);
    }

    [Fact]
    public async Task Each_event_of_a_storm_is_in_the_file_or_is_counted()
    {
        await using ObservedNode node = new();
        node.Begin();
        long dropped = Blow(node, "file");
        await node.EndAsync();

        int lines = Directory.GetFiles(node.Folder.LogFolder).SelectMany(File.ReadLines).Count();

        Assert.InRange(dropped, 9_000, 10_001);
        Assert.Equal(Storm + 1, lines + dropped);
    }

    [Fact]
    public void The_finding_lasts_for_five_minutes_after_the_last_drop()
    {
        long count = 0;
        StillTime time = new();
        DroppedEvents dropped = new(() => count, static () => 0, time);

        HealthCheck before = dropped.Check();
        count = 5;
        HealthCheck at = dropped.Check();
        time.Now += TimeSpan.FromMinutes(5);
        HealthCheck still = dropped.Check();
        time.Now += TimeSpan.FromSeconds(1);
        HealthCheck after = dropped.Check();

        Assert.Equal(
            [Verdict.Healthy, Verdict.Degraded, Verdict.Degraded, Verdict.Healthy],
            [before.Verdict, at.Verdict, still.Verdict, after.Verdict]);
        Assert.Contains("5 events for the log server", after.Detail, StringComparison.Ordinal);
    }

    // The first event holds the thread that writes it until all others are told.
    private static long Blow(ObservedNode node, string target)
    {
        using HoldingException held = new();
        node.Logger.Log(LogLevel.Information, 1, "held", held, static (text, _) => text);
        held.WaitUntilHeld();
        for (int i = 0; i < Storm; i++)
        {
            node.Logger.Log(LogLevel.Information, 2, "storm", null, static (text, _) => text);
        }

        held.Release();
        string figures = Encoding.UTF8.GetString(node.Telemetry.Scrape().Span);
        Match count = Count().Matches(figures).Single(found => found.Groups["target"].Value == target);
        return long.Parse(count.Groups["count"].Value, CultureInfo.InvariantCulture);
    }

    private static HealthCheck CheckOf(ObservedNode node) => node.Telemetry.Complete(new HealthReport(
        DateTimeOffset.UnixEpoch, "n1", 7, [], [], new ResourceReading(0, 0, 0, 0, 0, 0, 0)))
        .Checks.Single(static check => check.Name == "log");

    [GeneratedRegex("""
        sigma_log_events_dropped_total\{target="(?<target>\w+)"\} (?<count>\d+)
        """, RegexOptions.ExplicitCapture)]
    private static partial Regex Count();

    private sealed class StillTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    /// <summary>Who renders it waits.</summary>
    private sealed class HoldingException : Exception, IDisposable
    {
        private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

        private readonly ManualResetEventSlim _held = new();
        private readonly ManualResetEventSlim _released = new();

        public override string ToString()
        {
            _held.Set();
            _released.Wait(Limit);
            return "held";
        }

        public void WaitUntilHeld() => Assert.True(_held.Wait(Limit));

        public void Release() => _released.Set();

        public void Dispose() => _released.Set();
    }
}
