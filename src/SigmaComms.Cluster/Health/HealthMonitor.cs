using SigmaComms.Actors;
using SigmaComms.Actors.Health;
using static System.FormattableString;

namespace SigmaComms.Cluster.Health;

/// <summary>
/// Judges the node whenever it is asked, and remembers what a single moment does not tell: failures of the last five
/// minutes, also of actors that are gone, and since when each finding is the same. Safe to call from any thread.
/// </summary>
internal sealed class HealthMonitor(TimeProvider time, ClusterNodeOptions options, string node, ulong incarnation)
{
    private const int PartsMax = 64;
    private const int FailuresMax = 4_096;

    private readonly Lock _gate = new();
    private readonly ResourceReader _resources = new(options.DataDirectory, time);
    private readonly Dictionary<string, Queue<DateTimeOffset>> _failures = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Error, DateTimeOffset At)> _lastErrors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Code, DateTimeOffset Since)> _since = new(StringComparer.Ordinal);
    private readonly Queue<(DateTimeOffset At, long Total)> _storageFailures = new();
    private readonly HashSet<string> _parts = new(StringComparer.Ordinal);

    /// <summary>Remembers a failure: its actor may be gone when somebody asks.</summary>
    public void NoteFailure(ActorPath actor, Exception cause)
    {
        string part = PartOf(actor.Elements);
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate)
        {
            if (!_failures.TryGetValue(part, out Queue<DateTimeOffset>? times))
            {
                if (_failures.Count == PartsMax)
                {
                    return;
                }

                _failures.Add(part, times = new Queue<DateTimeOffset>());
            }

            if (times.Count == FailuresMax)
            {
                times.Dequeue();
            }

            times.Enqueue(now);
            _lastErrors[part] = ($"{cause.GetType().Name}: {cause.Message}", now);
        }
    }

    /// <summary>One verdict with its reasons.</summary>
    /// <param name="tree">The actors at this moment.</param>
    /// <param name="root">Path of the actor above the parts.</param>
    /// <param name="health">The node's figures at this moment.</param>
    public HealthReport Judge(TreeSnapshot tree, string root, NodeHealth health)
    {
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            HealthFacts facts = FactsOf(tree, root, health, now);
            ActorSnapshot[] parts = [.. PartsOf(tree, root)];
            Finding[] findings = [.. parts.Select(part =>
                PartJudge.Judge(part, facts.Failures.GetValueOrDefault(part.Path.Elements), facts.Window))];
            Finding[] gone = [.. facts.KnownParts.Except(parts.Select(part => part.Path.Elements))
                .Order(StringComparer.Ordinal).Select(PartJudge.Gone)];
            _parts.UnionWith(parts.Take(PartsMax).Select(part => part.Path.Elements));
            return new HealthReport(
                now,
                node,
                incarnation,
                [.. HealthJudge.Checks(facts, [.. findings, .. gone]).Select(check => Aged(check, now))],
                [.. parts.Zip(findings).Select(pair => ComponentOf(pair.First, pair.Second, facts, now)),
                    .. gone.Select(finding => GoneComponent(finding, facts, now))],
                facts.Resources);
        }
    }

    private TimeSpan Window => options.HealthWindow;

    private static string PartOf(string elements) =>
        string.Join('/', elements.Split('/').Take(4));

    private static IEnumerable<ActorSnapshot> PartsOf(TreeSnapshot tree, string root) =>
        tree.Actors.FirstOrDefault(actor => actor.Path.Elements == root)?.Children ?? [];

    private HealthFacts FactsOf(TreeSnapshot tree, string root, NodeHealth health, DateTimeOffset now) => new()
    {
        Tree = tree,
        Root = root,
        Node = health,
        StorageFailuresInWindow = StorageFailures(health.StorageFailures, now),
        Failures = _failures.ToDictionary(pair => pair.Key, pair => FailuresOf(pair.Key, pair.Value, now)),
        KnownParts = [.. _parts],
        MailboxBytesMax = options.MailboxBytesTotalMax,
        ClientsMax = options.ClientsMax,
        Server = options.PostgreSql is { } server ? $"the PostgreSQL server of schema {server.Schema}" : null,
        Window = Window == TimeSpan.FromMinutes(5) ? "five minutes" : Invariant($"{Window.TotalSeconds:F0} s"),
        DataDirectory = options.DataDirectory,
        Resources = _resources.Read(),
    };

    private PartFailures FailuresOf(string part, Queue<DateTimeOffset> times, DateTimeOffset now)
    {
        while (times.TryPeek(out DateTimeOffset oldest) && now - oldest > Window)
        {
            times.Dequeue();
        }

        return new PartFailures(times.Count, _lastErrors[part].Error, _lastErrors[part].At);
    }

    // The counter only rises: what it rose by since it was read five minutes ago.
    private int StorageFailures(long total, DateTimeOffset now)
    {
        if (_storageFailures.Count == 0)
        {
            _storageFailures.Enqueue((DateTimeOffset.MinValue, 0));
        }

        if (_storageFailures.Last().Total != total)
        {
            _storageFailures.Enqueue((now, total));
        }

        while (_storageFailures.Count > 1 && now - _storageFailures.ElementAt(1).At > Window)
        {
            _storageFailures.Dequeue();
        }

        return (int)Math.Min(int.MaxValue, total - _storageFailures.Peek().Total);
    }

    private HealthCheck Aged(Finding finding, DateTimeOffset now) => new(
        finding.Name, finding.Code, finding.Verdict, now - Since(finding, now), finding.Detail,
        finding.Recommendation);

    private DateTimeOffset Since(Finding finding, DateTimeOffset now)
    {
        if (!_since.TryGetValue(finding.Name, out (string Code, DateTimeOffset Since) known)
            || known.Code != finding.Code)
        {
            known = (finding.Code, now);
            _since[finding.Name] = known;
        }

        return known.Since;
    }

    private HealthComponent ComponentOf(ActorSnapshot part, Finding finding, HealthFacts facts, DateTimeOffset now)
    {
        PartFailures? failures = facts.Failures.GetValueOrDefault(part.Path.Elements);
        return new HealthComponent(
            part.Path.Elements,
            finding.Verdict,
            finding.Code,
            Since(finding with { Name = part.Path.Elements }, now),
            PartJudge.Subtree(part).Count(),
            failures?.InWindow ?? 0,
            failures?.LastError,
            failures?.LastErrorAt,
            finding.Recommendation);
    }

    private HealthComponent GoneComponent(Finding finding, HealthFacts facts, DateTimeOffset now)
    {
        PartFailures? failures = facts.Failures.GetValueOrDefault(finding.Name);
        return new HealthComponent(
            finding.Name, finding.Verdict, finding.Code, Since(finding, now), 0, failures?.InWindow ?? 0,
            failures?.LastError, failures?.LastErrorAt, finding.Recommendation);
    }
}
