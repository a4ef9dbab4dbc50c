using System.Runtime.CompilerServices;
using SigmaComms.Persistence;

namespace SigmaComms.Client.Tests.Support;

/// <summary>
/// A journal over one that survives. It can fail or die at a chosen append: before storing, or after storing without
/// saying so. Once dead nothing reaches the store, as after kill -9.
/// </summary>
internal sealed class MortalJournal(IJournal inner) : IJournal
{
    private int _appends;

    public int Appends => _appends;

    /// <summary>Number of the append at which it happens, from 1; 0 for never.</summary>
    public int At { get; init; }

    /// <summary>Whether the append at which it happens is stored.</summary>
    public bool StoreFirst { get; init; }

    /// <summary>Dies there; otherwise it answers Unknown once and goes on.</summary>
    public bool Dies { get; init; }

    public bool IsDead { get; private set; }

    /// <summary>While set, every append fails as on a full disk.</summary>
    public bool IsFull { get; set; }

    /// <summary>While set, appends to conversations wait for its end.</summary>
    public TaskCompletionSource? Held { get; set; }

    public TaskCompletionSource Died { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Kill()
    {
        IsDead = true;
        Died.TrySetResult();
    }

    public async ValueTask<AppendResult> AppendAsync(
        string persistenceId,
        long expectedSequence,
        long writerEpoch,
        IReadOnlyList<NewEvent> events,
        CancellationToken ct)
    {
        ThrowIfDead();
        if (IsFull)
        {
            throw new JournalException(JournalFailure.DiskFull, "The disk is full in this test.");
        }

        if (Held is { } held && persistenceId.StartsWith("conversation/", StringComparison.Ordinal))
        {
            await held.Task;
        }

        bool now = Interlocked.Increment(ref _appends) == At;
        if (!now)
        {
            return await inner.AppendAsync(persistenceId, expectedSequence, writerEpoch, events, ct);
        }

        if (StoreFirst)
        {
            await inner.AppendAsync(persistenceId, expectedSequence, writerEpoch, events, ct);
        }

        if (Dies)
        {
            Kill();
            ThrowIfDead();
        }

        return new AppendResult(AppendStatus.Unknown, -1, "planted by the test");
    }

    public async IAsyncEnumerable<JournalEvent> ReplayAsync(
        string persistenceId, long fromSequence, [EnumeratorCancellation] CancellationToken ct)
    {
        ThrowIfDead();
        await foreach (JournalEvent stored in inner.ReplayAsync(persistenceId, fromSequence, ct))
        {
            yield return stored;
        }
    }

    public ValueTask<long> HighestSequenceAsync(string persistenceId, CancellationToken ct)
    {
        ThrowIfDead();
        return inner.HighestSequenceAsync(persistenceId, ct);
    }

    public ValueTask DeleteToAsync(string persistenceId, long toSequence, CancellationToken ct)
    {
        ThrowIfDead();
        return inner.DeleteToAsync(persistenceId, toSequence, ct);
    }

    public ValueTask<long> AcquireEpochAsync(string persistenceId, CancellationToken ct)
    {
        ThrowIfDead();
        return inner.AcquireEpochAsync(persistenceId, ct);
    }

    public IAsyncEnumerable<string> PersistenceIdsAsync(string prefix, CancellationToken ct) =>
        inner.PersistenceIdsAsync(prefix, ct);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void ThrowIfDead()
    {
        if (IsDead)
        {
            throw new JournalException(JournalFailure.Io, "This process is dead.");
        }
    }
}
