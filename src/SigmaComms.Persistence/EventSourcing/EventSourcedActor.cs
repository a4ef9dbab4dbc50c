using SigmaComms.Actors;

namespace SigmaComms.Persistence.EventSourcing;

/// <summary>
/// An actor whose state is the sum of its stored events. It starts by recovery: the newest snapshot, then the events
/// after it; commands wait in the mailbox meanwhile. A command changes nothing itself: it persists events, and
/// <see cref="Apply"/>, which is the only place where the state changes, runs once they are durable.
/// </summary>
/// <typeparam name="TEvent">The base type of its events.</typeparam>
/// <remarks>
/// When the journal says conflict, fenced or unknown, the actor does not know its state any more: the handler fails, no
/// other command runs on this instance, and the supervisor restarts it into a new recovery
/// (<see cref="RecoveringStrategy"/>). When the store failed and stored nothing (<see cref="JournalException"/>) or the
/// events were rejected, the state is good and the handler may go on.
/// </remarks>
public abstract class EventSourcedActor<TEvent> : ActorBase
    where TEvent : class
{
    private readonly EventStore _store;
    private Exception? _lost;
    private long? _epoch;
    private long _snapshotSequence;
    private long _olderSnapshotSequence;
    private long _snapshotTried;
    private bool _isPersisting;

    /// <summary>Binds the actor to its store.</summary>
    /// <param name="store">Shared by all actors of the process.</param>
    protected EventSourcedActor(EventStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
    }

    /// <summary>Names its journal: 1 to 256 printable ASCII characters without blanks, always the same.</summary>
    protected abstract string PersistenceId { get; }

    /// <summary>The last event in the state; 0 before the first.</summary>
    protected long LastSequence { get; private set; }

    /// <summary>Whether stored events are being replayed.</summary>
    protected bool IsRecovering { get; private set; } = true;

    /// <summary>After how many events a snapshot is taken by itself; 0: never. Default 0.</summary>
    protected virtual int SnapshotEvery => 0;

    /// <summary>Whether a snapshot is used for recovery; else all events are replayed. Default true.</summary>
    protected virtual bool RecoversFromSnapshot => true;

    /// <summary>
    /// Whether the state is whole though older events were deleted without a snapshot that holds them. Default false:
    /// such a recovery fails with a gap.
    /// </summary>
    protected virtual bool NeedsNoDeletedEvents => false;

    /// <summary>
    /// The writer's epoch, if the host of the actor hands them out; null, the default: the actor takes a new one with
    /// its first event. One that was fenced must get a higher one before it can write again.
    /// </summary>
    protected virtual long? WriterEpoch => null;

    /// <summary>Gives an event its stored form.</summary>
    /// <param name="domainEvent">The event.</param>
    protected abstract NewEvent Encode(TEvent domainEvent);

    /// <summary>Reads the stored form; also of all older versions.</summary>
    /// <param name="stored">As it was stored.</param>
    protected abstract TEvent Decode(JournalEvent stored);

    /// <summary>Changes the state, and nothing else: it runs at every recovery again.</summary>
    /// <param name="domainEvent">A durable event.</param>
    protected abstract void Apply(TEvent domainEvent);

    /// <summary>Handles one command; none runs before the recovery has ended.</summary>
    /// <param name="message">The command.</param>
    protected abstract ValueTask OnCommand(object message);

    /// <summary>Replaces the state by a snapshot's.</summary>
    /// <param name="snapshot">What <see cref="TakeSnapshot"/> gave once, of any version.</param>
    protected virtual void Restore(Snapshot snapshot) =>
        throw new NotSupportedException($"{GetType().Name} has a stored snapshot and cannot read it.");

    /// <summary>The state for a snapshot, with <see cref="LastSequence"/>; null: there is none to be taken.</summary>
    protected virtual Snapshot? TakeSnapshot() => null;

    /// <summary>Runs when the recovery has ended, before the first command. May persist.</summary>
    protected virtual ValueTask OnRecovered() => ValueTask.CompletedTask;

    /// <summary>Runs when a snapshot that was due could not be stored. The actor goes on; by default nothing.</summary>
    /// <param name="failure">Why.</param>
    protected virtual void OnSnapshotFailed(JournalException failure)
    {
    }

    /// <summary>Recovers. Who overrides it calls it too.</summary>
    /// <exception cref="RecoveryFailedException">The state is not whole. It goes to the supervisor.</exception>
    protected override async ValueTask PreStart()
    {
        await Recover();
        IsRecovering = false;
        await OnRecovered();
        ThrowIfLost();
    }

    /// <summary>Stores an event durably and applies it.</summary>
    /// <param name="domainEvent">The event.</param>
    /// <exception cref="PersistFailedException">It was not confirmed.</exception>
    /// <exception cref="JournalException">The store failed; nothing was stored, the state is good.</exception>
    protected ValueTask Persist(TEvent domainEvent) => PersistAll([domainEvent]);

    /// <summary>Stores all events durably, or none, and applies them in their order.</summary>
    /// <param name="domainEvents">At most <see cref="JournalLimits.EventsPerAppendMax"/>; none is fine.</param>
    /// <exception cref="PersistFailedException">They were not confirmed.</exception>
    /// <exception cref="JournalException">The store failed; nothing was stored, the state is good.</exception>
    protected async ValueTask PersistAll(IReadOnlyList<TEvent> domainEvents)
    {
        ArgumentNullException.ThrowIfNull(domainEvents);
        RequireWritable();
        if (domainEvents.Count == 0)
        {
            return;
        }

        NewEvent[] encoded = [.. domainEvents.Select(Encode)];
        _isPersisting = true;
        try
        {
            _epoch ??= WriterEpoch ?? await _store.Journal.AcquireEpochAsync(PersistenceId, CancellationToken.None);
            AppendResult result = await _store.Journal.AppendAsync(
                PersistenceId, LastSequence, _epoch.Value, encoded, CancellationToken.None);
            RequireStored(result);
            ApplyAll(domainEvents);
        }
        finally
        {
            _isPersisting = false;
        }

        if (SnapshotEvery > 0 && LastSequence - Math.Max(_snapshotSequence, _snapshotTried) >= SnapshotEvery)
        {
            await SaveDueSnapshot();
        }
    }

    /// <summary>Takes a snapshot now.</summary>
    /// <returns>False if the actor gives none.</returns>
    /// <exception cref="JournalException">It could not be stored; the older ones are still there.</exception>
    protected async ValueTask<bool> SaveSnapshot()
    {
        RequireWritable();
        if (TakeSnapshot() is not { } snapshot)
        {
            return false;
        }

        if (snapshot.Sequence != LastSequence)
        {
            throw new InvalidOperationException(
                $"The snapshot of '{PersistenceId}' is of event {snapshot.Sequence}, the state of {LastSequence}.");
        }

        await _store.Snapshots.SaveAsync(PersistenceId, snapshot, CancellationToken.None);
        if (snapshot.Sequence > _snapshotSequence)
        {
            (_olderSnapshotSequence, _snapshotSequence) = (_snapshotSequence, snapshot.Sequence);
        }

        return true;
    }

    /// <summary>
    /// Deletes stored events. Those after the last but one snapshot stay, so that it serves when the last one turns out
    /// to be damaged; unless the state needs no deleted events. With one snapshot nothing is deleted yet.
    /// </summary>
    /// <param name="toSequence">The last to delete.</param>
    protected ValueTask DeleteEvents(long toSequence)
    {
        RequireWritable();
        ArgumentOutOfRangeException.ThrowIfNegative(toSequence);
        long last = NeedsNoDeletedEvents ? LastSequence : _olderSnapshotSequence;
        return _store.Journal.DeleteToAsync(PersistenceId, Math.Min(toSequence, last), CancellationToken.None);
    }

    /// <inheritdoc/>
    protected sealed override ValueTask OnReceive(object message)
    {
        ThrowIfLost();
        ValueTask handled = OnCommand(message);
        if (!handled.IsCompletedSuccessfully)
        {
            return EndHandled(handled);
        }

        ThrowIfLost();
        return handled;
    }

    private async ValueTask EndHandled(ValueTask handled)
    {
        await handled;
        ThrowIfLost();
    }

    private async ValueTask Recover()
    {
        CancellationToken stop = Context.StopToken;
        await _store.EnterRecoveryAsync(stop);
        try
        {
            using var recovery = new RecoveryRun(_store, PersistenceId, stop);
            if (RecoversFromSnapshot && await recovery.LoadSnapshotAsync() is { } snapshot)
            {
                recovery.Understand(() => Restore(snapshot));
                LastSequence = _snapshotSequence = snapshot.Sequence;
            }

            LastSequence = await recovery.ReplayAsync(LastSequence, NeedsNoDeletedEvents, Replay);
        }
        finally
        {
            _store.LeaveRecovery();
        }
    }

    private void Replay(JournalEvent stored)
    {
        LastSequence = stored.Sequence;
        Apply(Decode(stored));
    }

    private void RequireWritable()
    {
        ThrowIfLost();
        if (IsRecovering)
        {
            throw new InvalidOperationException($"'{PersistenceId}' is recovering; persist in OnRecovered or later.");
        }

        if (_isPersisting)
        {
            throw new InvalidOperationException(
                $"'{PersistenceId}' persists already: await it, and do not persist in Apply.");
        }
    }

    private void RequireStored(AppendResult result)
    {
        if (result.IsStored)
        {
            return;
        }

        var failure = new PersistFailedException(PersistenceId, result.Status, result.Reason);
        _lost = failure.IsStateLost ? failure : null;
        throw failure;
    }

    private void ApplyAll(IReadOnlyList<TEvent> domainEvents)
    {
        try
        {
            foreach (TEvent domainEvent in domainEvents)
            {
                LastSequence++;
                Apply(domainEvent);
            }
        }
        catch (Exception failure)
        {
            // The events are durable and the state has only some of them: this instance must not go on.
            _lost = failure;
            throw;
        }
    }

    private async ValueTask SaveDueSnapshot()
    {
        try
        {
            await SaveSnapshot();
        }
        catch (JournalException failure)
        {
            // Recovery takes the events instead, so they must stay; the next try comes when as many again are stored.
            _snapshotTried = LastSequence;
            OnSnapshotFailed(failure);
        }
    }

    private void ThrowIfLost()
    {
        if (_lost is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_lost);
        }
    }
}
