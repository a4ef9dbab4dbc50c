namespace SigmaComms.Actors;

/// <summary>
/// Somebody's wait for the end of a system, with its grace. It is decided in the very moment of the end or of the time
/// out, on no other thread, so that a test on virtual time sees it at once.
/// </summary>
internal sealed class TerminationWait
{
    private readonly TaskCompletionSource<bool> _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _timer;

    public TerminationWait(TimeProvider time, TimeSpan grace) =>
        _timer = time.CreateTimer(_ => Decide(ended: false), null, grace, Timeout.InfiniteTimeSpan);

    /// <summary>Whether the end came before the grace was over.</summary>
    public Task<bool> Decided => _decided.Task;

    public void Decide(bool ended)
    {
        if (_decided.TrySetResult(ended))
        {
            _timer?.Dispose();
        }
    }
}
