using System.Diagnostics.Metrics;
using SigmaComms.Actors.Health;
using SigmaComms.Cluster.Health;

namespace SigmaComms.Node.Telemetry;

/// <summary>
/// Log events that came faster than they could be handed on and found no place in memory: how many, by where they were
/// to go, as figures and as a finding of the health report. Safe to call from any thread.
/// </summary>
/// <param name="forServer">How many on the way to the log server since the start.</param>
/// <param name="forFile">How many on the way to the log file since the start.</param>
/// <param name="time">The clock.</param>
internal sealed class DroppedEvents(Func<long> forServer, Func<long> forFile, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly DateTimeOffset _start = time.GetUtcNow();
    private long _seen;
    private DateTimeOffset? _seenAt;

    /// <summary>Adds the figures.</summary>
    public void AddTo(Meter meter) => meter.CreateObservableCounter(
        "sigma.log.events.dropped",
        IEnumerable<Measurement<long>> () =>
        [
            new(forServer(), new KeyValuePair<string, object?>("target", "server")),
            new(forFile(), new KeyValuePair<string, object?>("target", "file")),
        ],
        "{event}",
        "Log events that found no place in memory.");

    /// <summary>The finding: not well for five minutes after more were dropped.</summary>
    public HealthCheck Check()
    {
        (long server, long file) = (forServer(), forFile());
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset? at;
        lock (_gate)
        {
            if (server + file > _seen)
            {
                (_seen, _seenAt) = (server + file, now);
            }

            at = _seenAt;
        }

        string detail = FormattableString.Invariant(
            $"{server} events for the log server and {file} for the log file found no place in memory");
        return at is { } last && now - last <= Window
            ? new HealthCheck(
                "log", "events_dropped", Verdict.Degraded, now - last, detail,
                "something logs in a storm: look for its reason in the log, or raise logLevel")
            : new HealthCheck("log", "ok", Verdict.Healthy, now - (at ?? _start), detail, null);
    }
}
