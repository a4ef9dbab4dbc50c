namespace SigmaComms.Persistence.EventSourcing;

/// <summary>One recovery: bounds the store's silence, and says with each failure how far it got.</summary>
internal sealed class RecoveryRun : IDisposable
{
    private const int EventsPerBreath = 256;

    private readonly EventStore _store;
    private readonly string _persistenceId;
    private readonly CancellationToken _stop;
    private readonly CancellationTokenSource _stall;
    private readonly CancellationTokenSource _either;
    private long _last;

    public RecoveryRun(EventStore store, string persistenceId, CancellationToken stop)
    {
        _store = store;
        _persistenceId = persistenceId;
        _stop = stop;
        _stall = new CancellationTokenSource(store.StallTimeout, store.Time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_stall.Token, stop);
    }

    /// <summary>The newest whole snapshot; null if there is none, or if what there is cannot be trusted.</summary>
    public async ValueTask<Snapshot?> LoadSnapshotAsync()
    {
        // Snapshots are a shortcut. One that cannot be trusted leaves the one before it, and after that the events; the
        // replay notices when these do not tell all any more.
        (Snapshot? snapshot, bool isCorrupt) = await LoadAsync(_store.Snapshots.LoadAsync);
        if (isCorrupt)
        {
            (snapshot, _) = await LoadAsync(_store.Snapshots.LoadOlderAsync);
        }

        _last = snapshot?.Sequence ?? 0;
        return snapshot;
    }

    /// <summary>Runs what the actor makes of stored bytes.</summary>
    public void Understand(Action apply)
    {
        try
        {
            apply();
        }
        catch (Exception failure)
        {
            throw new RecoveryFailedException(
                _persistenceId,
                _last,
                RecoveryFailure.NotUnderstood,
                $"the actor could not take what comes next: {failure.Message}",
                failure);
        }
    }

    /// <summary>Gives the events after a sequence to the actor.</summary>
    /// <returns>The last one's sequence.</returns>
    public async ValueTask<long> ReplayAsync(long after, bool passesOverDeleted, Action<JournalEvent> apply)
    {
        _last = after;
        try
        {
            // Before the replay, which then gives at least so many.
            long highest = await Bounded(_store.Journal.HighestSequenceAsync(_persistenceId, _either.Token));
            if (highest < after)
            {
                throw Gap($"the snapshot is of event {after}, the journal ends with {highest}");
            }

            await GiveAllAsync(passesOverDeleted, apply);
            return _last >= highest || passesOverDeleted
                ? Math.Max(_last, highest)
                : throw Gap($"events {_last + 1} to {highest} were deleted and no snapshot holds them");
        }
        catch (JournalException failure)
        {
            throw Failed(failure);
        }
        catch (OperationCanceledException silence) when (!_stop.IsCancellationRequested)
        {
            throw Stalled(silence);
        }
    }

    public void Dispose()
    {
        _either.Dispose();
        _stall.Dispose();
    }

    private async ValueTask<(Snapshot? Snapshot, bool IsCorrupt)> LoadAsync(
        Func<string, CancellationToken, ValueTask<Snapshot?>> load)
    {
        try
        {
            return (await Bounded(load(_persistenceId, _either.Token)), false);
        }
        catch (JournalException failure) when (failure.Reason == JournalFailure.Corrupt)
        {
            return (null, true);
        }
        catch (JournalException failure)
        {
            throw Failed(failure);
        }
        catch (OperationCanceledException silence) when (!_stop.IsCancellationRequested)
        {
            throw Stalled(silence);
        }
    }

    private async ValueTask GiveAllAsync(bool passesOverDeleted, Action<JournalEvent> apply)
    {
        IAsyncEnumerator<JournalEvent> events =
            _store.Journal.ReplayAsync(_persistenceId, _last + 1, _either.Token).GetAsyncEnumerator(_either.Token);
        bool isReading = true;
        try
        {
            for (int given = 0; ; given++)
            {
                ValueTask<bool> moving = events.MoveNextAsync();

                // What had to be waited for was silence until now. What is at hand costs no timer each time.
                bool waits = !moving.IsCompleted;
                if (!await Bounded(moving))
                {
                    break;
                }

                isReading = false;
                RequireNext(events.Current.Sequence, passesOverDeleted && given == 0);
                Understand(() => apply(events.Current));
                _last = events.Current.Sequence;
                if (waits || given % EventsPerBreath == 0)
                {
                    _stall.CancelAfter(_store.StallTimeout);
                }

                isReading = true;
            }

            isReading = false;
        }
        finally
        {
            // One that still reads cannot be disposed; it is left to its store.
            if (!isReading || !_either.IsCancellationRequested)
            {
                await events.DisposeAsync();
            }
        }
    }

    /// <summary>Waits no longer than the silence may last, also for a store that ignores the token.</summary>
    private async ValueTask<T> Bounded<T>(ValueTask<T> reading) =>
        reading.IsCompleted ? await reading : await reading.AsTask().WaitAsync(_either.Token);

    private void RequireNext(long sequence, bool mayJump)
    {
        if (sequence != _last + 1 && !(mayJump && sequence > _last))
        {
            throw Gap($"event {sequence} came next, those before it were deleted and no snapshot holds them");
        }
    }

    private RecoveryFailedException Gap(string why) => new(_persistenceId, _last, RecoveryFailure.Gap, why);

    private RecoveryFailedException Stalled(Exception silence) => new(
        _persistenceId,
        _last,
        RecoveryFailure.Unavailable,
        $"the store was silent for {_store.StallTimeout.TotalSeconds} s",
        silence);

    private RecoveryFailedException Failed(JournalException failure) => new(
        _persistenceId,
        _last,
        failure.Reason switch
        {
            JournalFailure.Gap => RecoveryFailure.Gap,
            JournalFailure.Corrupt => RecoveryFailure.Corrupt,
            _ => RecoveryFailure.Unavailable,
        },
        failure.Message,
        failure);
}
