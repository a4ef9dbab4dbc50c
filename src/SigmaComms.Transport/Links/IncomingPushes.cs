using SigmaComms.Messaging.Links;

namespace SigmaComms.Transport.Links;

/// <summary>
/// The peer's pushes on their way to the handler, one at a time and in order. The reading loop hands them in and never
/// waits: while a handler is not done, further pushes wait here, up to a bound.
/// </summary>
/// <remarks>Only the reading loop hands in. Otherwise safe to call from any thread.</remarks>
/// <param name="handle">Handles one push; it is called on the reading loop's thread when nothing waits.</param>
/// <param name="fail">Receives what a handler threw; nothing is handled after that.</param>
/// <param name="countMax">Pushes that may wait.</param>
/// <param name="bytesMax">Bytes that may wait; one push always may.</param>
internal sealed class IncomingPushes(
    Func<LinkMessage, ValueTask> handle, Action<Exception> fail, int countMax, long bytesMax)
{
    private readonly Lock _gate = new();
    private readonly Queue<(LinkMessage Push, long Bytes)> _waiting = new();
    private long _bytes;
    private bool _isBusy;
    private bool _isClosed;
    private Task _draining = Task.CompletedTask;

    /// <summary>Hands in a push.</summary>
    /// <param name="push">The push.</param>
    /// <param name="bytes">What its frame took.</param>
    /// <returns>False if too much waits already.</returns>
    public bool TryAccept(LinkMessage push, long bytes)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return true; // The link ends; nobody handles it, as if it had come later.
            }

            if (_isBusy)
            {
                return TryWait(push, bytes);
            }

            _isBusy = true;
        }

        _draining = DrainAsync(push);
        return true;
    }

    /// <summary>Completes when nothing waits and no handler runs. To be called after the last push.</summary>
    public Task WhenEmptyAsync() => _draining;

    /// <summary>Forgets what waits; no handler begins any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _waiting.Clear();
        }
    }

    private bool TryWait(LinkMessage push, long bytes)
    {
        if (_waiting.Count >= countMax || (_waiting.Count > 0 && _bytes + bytes > bytesMax))
        {
            return false;
        }

        _waiting.Enqueue((push, bytes));
        _bytes += bytes;
        return true;
    }

    private async Task DrainAsync(LinkMessage first)
    {
        try
        {
            LinkMessage? push = first;
            while (push is not null)
            {
                await handle(push);
                push = Next();
            }
        }
        catch (Exception error)
        {
            // The link supervises its handlers: one that throws ends the link, and its owner finds the error.
            Close();
            fail(error);
        }
    }

    private LinkMessage? Next()
    {
        lock (_gate)
        {
            if (!_waiting.TryDequeue(out (LinkMessage Push, long Bytes) next))
            {
                _isBusy = false;
                return null;
            }

            _bytes -= next.Bytes;
            return next.Push;
        }
    }
}
