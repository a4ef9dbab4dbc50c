namespace SigmaComms.Cluster.Storage.Volumes;

/// <summary>One call of a disk that may hang: tells who of the caller and the thread noticed what first.</summary>
internal sealed class DiskCall
{
    private const int Ended = 1;
    private const int Overdue = 2;

    private int _state;

    /// <summary>The caller gave up.</summary>
    /// <returns>Whether the thread is still in it.</returns>
    public bool TryGiveUp() => Interlocked.CompareExchange(ref _state, Overdue, 0) == 0;

    /// <summary>The thread is back.</summary>
    /// <returns>Whether the caller had given up.</returns>
    public bool End() => Interlocked.Exchange(ref _state, Ended) == Overdue;
}
