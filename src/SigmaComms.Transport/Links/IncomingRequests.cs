namespace SigmaComms.Transport.Links;

/// <summary>The peer's requests that are in work, and the handlers that run for them.</summary>
/// <remarks>Only the reading loop begins requests. Otherwise safe to call from any thread.</remarks>
internal sealed class IncomingRequests(int max)
{
    private readonly Lock _gate = new();
    private int _unanswered;
    private int _running;
    private TaskCompletionSource? _none;

    /// <summary>Requests that may be in work at once.</summary>
    public int Max { get; set; } = max;

    /// <summary>
    /// Begins a request, if there is room: requests without an answer count, and handlers that go on after theirs
    /// count once they are twice as many.
    /// </summary>
    public bool TryBegin()
    {
        lock (_gate)
        {
            if (_unanswered >= Max || _running >= 2 * Max)
            {
                return false;
            }

            _unanswered++;
            _running++;
            return true;
        }
    }

    /// <summary>The answer to a request is about to be written.</summary>
    public void Answered()
    {
        lock (_gate)
        {
            _unanswered--;
        }
    }

    /// <summary>The handler of a request is done.</summary>
    public void Stopped()
    {
        TaskCompletionSource? none = null;
        lock (_gate)
        {
            if (--_running == 0)
            {
                none = _none;
            }
        }

        none?.TrySetResult();
    }

    /// <summary>Completes when no handler runs any more. For a link that begins none.</summary>
    public Task WhenNoneRunsAsync()
    {
        lock (_gate)
        {
            if (_running == 0)
            {
                return Task.CompletedTask;
            }

            _none ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _none.Task;
        }
    }
}
