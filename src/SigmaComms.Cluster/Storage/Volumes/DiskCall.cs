namespace SigmaComms.Cluster.Storage.Volumes;

/// <summary>One call of a disk that may hang: tells who of the caller and the thread noticed what first.</summary>
internal sealed class DiskCall
{
    private const int Done = 1;
    private const int Overdue = 2;

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;
    private bool _isQueued;

    /// <summary>Completes once the thread is out of the call, or will never enter it.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Whether the caller has given up.</summary>
    public bool IsGivenUp => Volatile.Read(ref _state) == Overdue;

    /// <summary>It waits for a thread: from now on it ends.</summary>
    public void Queue() => Volatile.Write(ref _isQueued, true);

    /// <summary>The caller gave up.</summary>
    /// <returns>Whether a thread is still in it, or will be.</returns>
    public bool TryGiveUp() =>
        Volatile.Read(ref _isQueued) && Interlocked.CompareExchange(ref _state, Overdue, 0) == 0;

    /// <summary>The thread is back.</summary>
    /// <returns>Whether the caller had given up.</returns>
    public bool End()
    {
        bool isGivenUp = Interlocked.Exchange(ref _state, Done) == Overdue;
        _ended.TrySetResult();
        return isGivenUp;
    }
}
