using SigmaComms.Actors.Breakers;
using SigmaComms.Actors.Health;
using SigmaComms.Actors.Scheduling;
using SigmaComms.Actors.Supervision;

namespace SigmaComms.Actors;

/// <summary>
/// What few actors need: children, watchers, failures, a stash. Most cells do without it and stay small.
/// </summary>
#pragma warning disable CA1001 // The source has no timer to release, and handlers left behind may still read its token.
internal sealed class ActorAnnex(ActorCell cell)
#pragma warning restore CA1001
{
    private static readonly CancellationTokenSource Cancelled = AlreadyCancelled();

    private CancellationTokenSource? _stop;
    private ChildTable? _children;
    private DeathWatch? _watched;

    /// <summary>Its children; any thread may be the first to ask.</summary>
    public ChildTable Children => Volatile.Read(ref _children)
        ?? Interlocked.CompareExchange(ref _children, new ChildTable(), null)
        ?? _children;

    /// <summary>Its children, or null if it never had any.</summary>
    public ChildTable? ChildrenOrNull => Volatile.Read(ref _children);

    /// <summary>Who watches it and whom it watches; any thread may be the first to ask.</summary>
    public DeathWatch Watched => Volatile.Read(ref _watched)
        ?? Interlocked.CompareExchange(ref _watched, new DeathWatch(cell), null)
        ?? _watched;

    /// <summary>Ends when the actor is to stop or restart. Any thread may be the first to ask.</summary>
    public CancellationTokenSource StopSource => Volatile.Read(ref _stop)
        ?? Interlocked.CompareExchange(ref _stop, new CancellationTokenSource(), null)
        ?? _stop;

    /// <summary>Its failures, or null if there were none.</summary>
    public FailureLog? Failures { get; private set; }

    /// <summary>How it supervises, or null as long as no child failed.</summary>
    public ChildSupervision? Supervision { get; private set; }

    /// <summary>Messages that it put aside; made when it first asks.</summary>
    public ActorStash? Stash { get; private set; }

    /// <summary>Restarts within the parent's window; only the parent's turn uses it.</summary>
    public RestartWindow RestartWindow => field ??= new RestartWindow();

    /// <summary>Restarts that the parent ordered; only the parent's turn uses it.</summary>
    public int RestartOrders { get; set; }

    /// <summary>Restarts so far.</summary>
    public int Restarts { get; set; }

    /// <summary>Whom it is waiting for inside its turn; guarded by <see cref="AskChain"/>.</summary>
    public List<ActorCell>? WaitingFor { get; set; }

    /// <summary>Where its turns run; null if on the pool like most.</summary>
    public IDispatcher? Dispatcher { get; set; }

    /// <summary>When it last gave a child up.</summary>
    public DateTimeOffset? GaveUpAt { get; private set; }

    /// <summary>How long its handler holds a thread; null if none ever did for long.</summary>
    public HoldingNote? Holding { get; private set; }

    /// <summary>Its breakers, or null if it has none; only the actor's turn adds one.</summary>
    public Breaker[]? Breakers { get; private set; }

    /// <summary>Cancels what was given out, and what will be.</summary>
    public void CancelStopSource() => Interlocked.CompareExchange(ref _stop, Cancelled, null)?.Cancel();

    /// <summary>The next instance gets a fresh one.</summary>
    public void ForgetStopSource() => Volatile.Write(ref _stop, null);

    /// <summary>The breaker of that name, made at the first call.</summary>
    public Breaker OpenBreaker(BreakerSettings settings)
    {
        if (Array.Find(Breakers ?? [], breaker => breaker.Name == settings.Name) is { } known)
        {
            return known;
        }

        Breaker made = new(cell, settings);
        Breakers = [.. Breakers ?? [], made];
        return made;
    }

    /// <summary>The actor has ended, and its breakers with it.</summary>
    public void EndBreakers() => Array.ForEach(Breakers ?? [], static breaker => breaker.End());

    /// <summary>Notes that it gave a child up.</summary>
    public void NoteGivenUp() => GaveUpAt = cell.System.Time.GetUtcNow();

    /// <summary>Notes how long a handler holds its thread. Returns whether somebody should hear of it.</summary>
    public bool NoteHolding(TimeSpan length) => (Holding ??= new HoldingNote()).Note(length);

    public void NoteFailure(Exception cause) => (Failures ??= new FailureLog(cell.System.Time)).Note(cause);

    public ChildSupervision Supervise() => Supervision ??= new ChildSupervision(cell);

    public ActorStash OpenStash() => Stash ??= new ActorStash(cell);

    private static CancellationTokenSource AlreadyCancelled()
    {
        CancellationTokenSource source = new();
        source.Cancel();
        return source;
    }
}
