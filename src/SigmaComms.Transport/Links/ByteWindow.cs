namespace SigmaComms.Transport.Links;

/// <summary>How many bytes may be under way at once; more waits. Who comes first is served first.</summary>
/// <remarks>Safe to call from any thread.</remarks>
/// <param name="sizeBytes">The window, at least 1. Whoever wants more than that gets it alone.</param>
public sealed class ByteWindow(long sizeBytes)
{
    private readonly Lock _gate = new();
    private readonly Queue<(long Bytes, TaskCompletionSource Turn)> _waiting = [];
    private long _heldBytes;

    /// <summary>Bytes that are under way.</summary>
    public long HeldBytes
    {
        get
        {
            lock (_gate)
            {
                return _heldBytes;
            }
        }
    }

    /// <summary>Waits for room.</summary>
    /// <param name="bytes">How much, at least 0.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>What was taken, to be given to <see cref="Give"/>.</returns>
    public async ValueTask<long> TakeAsync(long bytes, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ct.ThrowIfCancellationRequested();
        long share = Math.Min(bytes, sizeBytes);
        TaskCompletionSource turn;
        lock (_gate)
        {
            if (_waiting.Count == 0 && _heldBytes + share <= sizeBytes)
            {
                _heldBytes += share;
                return share;
            }

            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue((share, turn));
        }

        await using CancellationTokenRegistration gaveUp = ct.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), turn);
        try
        {
            await turn.Task;
        }
        catch (OperationCanceledException)
        {
            Give(0); // Those behind may fit.
            throw;
        }

        return share;
    }

    /// <summary>Gives room back.</summary>
    /// <param name="bytes">What <see cref="TakeAsync"/> returned.</param>
    public void Give(long bytes)
    {
        lock (_gate)
        {
            _heldBytes -= bytes;
            while (_waiting.TryPeek(out (long Bytes, TaskCompletionSource Turn) first)
                && (first.Turn.Task.IsCompleted || _heldBytes + first.Bytes <= sizeBytes))
            {
                _waiting.Dequeue();
                _heldBytes += first.Turn.TrySetResult() ? first.Bytes : 0;
            }
        }
    }
}
