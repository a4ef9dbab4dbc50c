using System.Runtime.CompilerServices;
using SigmaComms.Actors.Breakers;

namespace SigmaComms.Persistence.Guarding;

/// <summary>
/// A store behind two breakers, one for what is written and one for what is read, as a full disk can still be read:
/// when the store below fails or hangs too often, calls end at once with <see cref="JournalFailure.Unavailable"/>
/// until it has shown that it is well again.
/// </summary>
/// <remarks>
/// The breakers belong to an actor; before it has given them, and after it has ended, calls pass as they are.
/// An append that lasted too long may still be stored: it ends with <see cref="AppendStatus.Unknown"/>. A full disk
/// counts as a failure too; damage in one journal says nothing about the others, and conflicts, fences, rejections are
/// answers. A replay passes the breaker once, with its first event. Safe to call from any thread.
/// </remarks>
public sealed class GuardedStore : IJournal, ISnapshotStore
{
    private readonly IJournal _journal;
    private readonly ISnapshotStore _snapshots;
    private Breaker? _writes;
    private Breaker? _reads;

    /// <summary>Wraps a store.</summary>
    /// <param name="journal">Where events go; disposed with this.</param>
    /// <param name="snapshots">Where snapshots go; not disposed.</param>
    public GuardedStore(IJournal journal, ISnapshotStore snapshots)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(snapshots);
        _journal = journal;
        _snapshots = snapshots;
    }

    /// <summary>Puts breakers before the store, from the next call on.</summary>
    /// <param name="writes">For what changes the store; <see cref="IsFailure"/> belongs into its settings.</param>
    /// <param name="reads">For the rest; likewise.</param>
    public void GuardWith(Breaker writes, Breaker reads)
    {
        ArgumentNullException.ThrowIfNull(writes);
        ArgumentNullException.ThrowIfNull(reads);
        Volatile.Write(ref _writes, writes);
        Volatile.Write(ref _reads, reads);
    }

    /// <summary>Whether a failure speaks against the store, not against its caller.</summary>
    /// <param name="failure">What a call ended with.</param>
    public static bool IsFailure(Exception failure) =>
        failure is TimeoutException or InDoubtException
        || (failure is JournalException { Reason: not (JournalFailure.Gap or JournalFailure.Corrupt) });

    /// <inheritdoc/>
    public async ValueTask<AppendResult> AppendAsync(
        string persistenceId,
        long expectedSequence,
        long writerEpoch,
        IReadOnlyList<NewEvent> events,
        CancellationToken ct)
    {
        try
        {
            return await PassAsync(
                Volatile.Read(ref _writes),
                async token =>
                {
                    AppendResult result = await _journal.AppendAsync(
                        persistenceId, expectedSequence, writerEpoch, events, token);
                    return result.Status == AppendStatus.Unknown ? throw new InDoubtException(result) : result;
                },
                ct);
        }
        catch (InDoubtException doubt)
        {
            return doubt.Result;
        }
        catch (TimeoutException slow)
        {
            return new AppendResult(
                AppendStatus.Unknown, -1, $"The journal did not answer in time; it may still store it. {slow.Message}");
        }
        catch (BreakerOpenException open)
        {
            throw Refused(open);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<JournalEvent> ReplayAsync(string persistenceId, long fromSequence, CancellationToken ct) =>
        GuardFirstAsync(token => _journal.ReplayAsync(persistenceId, fromSequence, token), ct);

    /// <inheritdoc/>
    public ValueTask<long> HighestSequenceAsync(string persistenceId, CancellationToken ct) =>
        GuardAsync(Volatile.Read(ref _reads), token => _journal.HighestSequenceAsync(persistenceId, token), ct);

    /// <inheritdoc/>
    public async ValueTask DeleteToAsync(string persistenceId, long toSequence, CancellationToken ct) =>
        await GuardAsync(
            Volatile.Read(ref _writes),
            async token =>
            {
                await _journal.DeleteToAsync(persistenceId, toSequence, token);
                return true;
            },
            ct);

    /// <inheritdoc/>
    public ValueTask<long> AcquireEpochAsync(string persistenceId, CancellationToken ct) =>
        GuardAsync(Volatile.Read(ref _writes), token => _journal.AcquireEpochAsync(persistenceId, token), ct);

    /// <inheritdoc/>
    public IAsyncEnumerable<string> PersistenceIdsAsync(string prefix, CancellationToken ct) =>
        GuardFirstAsync(token => _journal.PersistenceIdsAsync(prefix, token), ct);

    /// <inheritdoc/>
    public async ValueTask SaveAsync(string persistenceId, Snapshot snapshot, CancellationToken ct) =>
        await GuardAsync(
            Volatile.Read(ref _writes),
            async token =>
            {
                await _snapshots.SaveAsync(persistenceId, snapshot, token);
                return true;
            },
            ct);

    /// <inheritdoc/>
    public ValueTask<Snapshot?> LoadAsync(string persistenceId, CancellationToken ct) =>
        GuardAsync(Volatile.Read(ref _reads), token => _snapshots.LoadAsync(persistenceId, token), ct);

    /// <inheritdoc/>
    public ValueTask<Snapshot?> LoadOlderAsync(string persistenceId, CancellationToken ct) =>
        GuardAsync(Volatile.Read(ref _reads), token => _snapshots.LoadOlderAsync(persistenceId, token), ct);

    /// <inheritdoc/>
    public async ValueTask DeleteAllAsync(string persistenceId, CancellationToken ct) =>
        await GuardAsync(
            Volatile.Read(ref _writes),
            async token =>
            {
                await _snapshots.DeleteAllAsync(persistenceId, token);
                return true;
            },
            ct);

    /// <summary>Disposes the journal below. May be called twice.</summary>
    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    private static JournalException Refused(BreakerOpenException open) => new(
        JournalFailure.Unavailable,
        $"The journal failed too often and is left alone for a while. {open.Message} {open.InnerException?.Message}",
        open);

    private static async ValueTask<T> PassAsync<T>(
        Breaker? breaker, Func<CancellationToken, ValueTask<T>> call, CancellationToken ct)
    {
        if (breaker is null)
        {
            return await call(ct);
        }

        bool passed = false;
        try
        {
            return await breaker.RunAsync(
                token =>
                {
                    passed = true;
                    return call(token);
                },
                ct);
        }
        catch (ObjectDisposedException) when (!passed)
        {
            // The breaker's owner ended before this caller, as when a node stops.
            return await call(ct);
        }
    }

    private static async ValueTask<T> GuardAsync<T>(
        Breaker? breaker, Func<CancellationToken, ValueTask<T>> call, CancellationToken ct)
    {
        try
        {
            return await PassAsync(breaker, call, ct);
        }
        catch (TimeoutException slow)
        {
            throw new JournalException(
                JournalFailure.Unavailable, $"The journal did not answer in time. {slow.Message}", slow);
        }
        catch (BreakerOpenException open)
        {
            throw Refused(open);
        }
    }

    private async IAsyncEnumerable<T> GuardFirstAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> read, [EnumeratorCancellation] CancellationToken ct)
    {
        // A first read that lasts too long is told to end, not only left alone.
        using CancellationTokenSource reading = CancellationTokenSource.CreateLinkedTokenSource(ct);
        IAsyncEnumerator<T> items = read(reading.Token).GetAsyncEnumerator(reading.Token);
        bool has = await GuardAsync(
            Volatile.Read(ref _reads),
            async token =>
            {
                using CancellationTokenRegistration end = token.Register(reading.Cancel);
                return await items.MoveNextAsync();
            },
            ct);
        await using (items)
        {
            for (; has; has = await items.MoveNextAsync())
            {
                yield return items.Current;
            }
        }
    }

    /// <summary>Carries an unknown end through the breaker, which counts exceptions.</summary>
    private sealed class InDoubtException(AppendResult result) : Exception(result.Reason)
    {
        public AppendResult Result { get; } = result;
    }
}
