using SigmaComms.Actors;
using SigmaComms.Actors.Breakers;
using SigmaComms.Actors.Supervision;
using SigmaComms.Persistence;
using SigmaComms.Persistence.Guarding;

namespace SigmaComms.Cluster.Journals;

/// <summary>
/// Owns the breakers before the journal: it shows in the tree and in the health report when the journal is left alone.
/// It tries the journal out itself when nobody else would: after a failure, when a breaker is half-open, and now and
/// then when all is quiet; so the node knows within seconds that the journal is gone, and that it is back.
/// </summary>
internal sealed class JournalActor : ReceiveActor
{
    /// <summary>Where it writes.</summary>
    public const string PersistenceId = "journal-probe";

    /// <summary>So many may hang at once, so that a journal that hangs has soon failed often enough.</summary>
    private const int ProbesMax = 3;

    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan QuietMax = TimeSpan.FromSeconds(10);

    private readonly NodeContext _node;
    private readonly GuardedStore _store;
    private Breaker _writes = null!;
    private Breaker _reads = null!;
    private long _writesSeen;
    private TimeSpan _lastWrite;
    private int _probes;

    public JournalActor(NodeContext node, GuardedStore store)
    {
        _node = node;
        _store = store;
        Receive<Tick>(_ => OnTick());
        Receive<Probed>(OnProbed);
    }

    protected override ValueTask PreStart()
    {
        _writes = Context.Breaker(SettingsOf("writes"));
        _reads = Context.Breaker(SettingsOf("reads"));
        _store.GuardWith(_writes, _reads);
        _node.Gate.Watch(_writes, _reads);
        _lastWrite = _node.Now;
        Context.Timers.StartPeriodic(nameof(Tick), new Tick(), TickInterval);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Few calls suffice, as on a quiet node there are few. Who waited for one has been told long before it counts as
    /// hung. It is tried again often: that costs one call, and messages wait for it.
    /// </summary>
    private BreakerSettings SettingsOf(string name) => new(name)
    {
        CallsMin = 3,
        Window = TimeSpan.FromSeconds(20),
        CallTimeout = _node.Options.RequestTimeout * 2,
        Break = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), 0.1, TimeSpan.FromSeconds(10)),
        IsFailure = GuardedStore.IsFailure,
    };

    private void OnTick()
    {
        if (_writesSeen != _node.Counters.Writes)
        {
            _writesSeen = _node.Counters.Writes;
            _lastWrite = _node.Now;
        }

        bool isQuiet = _node.Now - _lastWrite >= QuietMax;
        bool isInDoubt = _node.Counters.IsStorageFailing && _writes.State != BreakerState.Open;
        bool isHalfOpen = _writes.State == BreakerState.HalfOpen || _reads.State == BreakerState.HalfOpen;
        if ((_probes == 0 && (isQuiet || isHalfOpen)) || (_probes < ProbesMax && isInDoubt))
        {
            _probes++;
            _lastWrite = _node.Now;

            // As large as what failed: a full disk takes small writes for long.
            byte[] content = new byte[_node.Counters.FailingBytes];
            Context.PipeToSelf(
                ProbeAsync(content, Context.StopToken),
                problem => new Probed(problem, content.Length),
                error => new Probed($"{error.GetType().Name}: {error.Message}", content.Length));
        }
    }

    /// <summary>Each breaker has its own say; what one of them refuses is no news.</summary>
    private async Task<string?> ProbeAsync(byte[] content, CancellationToken ct)
    {
        string? problem = await TryAsync(
            async () => await _store.SaveAsync(PersistenceId, new Snapshot(0, 1, 1, content), ct));
        await TryAsync(async () => await _store.HighestSequenceAsync(PersistenceId, ct));
        return problem;
    }

    private static async Task<string?> TryAsync(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (JournalException failure)
        {
            return failure.Message;
        }
    }

    private void OnProbed(Probed probed)
    {
        _probes--;
        _node.Counters.NoteWrite(probed.Problem is null, probed.Problem, probed.Bytes);
        _writesSeen = _node.Counters.Writes;
    }

    private sealed record Tick;

    private sealed record Probed(string? Problem, int Bytes);
}
