namespace SigmaComms.Cluster.Storage.Repair;

/// <summary>
/// What repair, rebalance, collection and scrub have done since the start. Safe to use from any thread.
/// </summary>
internal sealed class RepairFigures
{
    private long _queue;
    private long _open;
    private long _rebuilt;
    private long _rebuiltBytes;
    private long _failed;
    private long _moved;
    private long _surplus;
    private long _dropped;
    private long _expired;
    private long _scrubbed;
    private long _scrubbedBytes;
    private long _quarantined;

    /// <summary>Stripes that wait to be rebuilt by this node.</summary>
    public long Queue => Interlocked.Read(ref _queue);

    /// <summary>Stripes that could not be made whole when they were looked at last.</summary>
    public long Open => Interlocked.Read(ref _open);

    /// <summary>Fragments that were rebuilt.</summary>
    public long Rebuilt => Interlocked.Read(ref _rebuilt);

    /// <summary>Their bytes.</summary>
    public long RebuiltBytes => Interlocked.Read(ref _rebuiltBytes);

    /// <summary>Attempts to rebuild a stripe that failed.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Fragments that were copied to where they belong.</summary>
    public long Moved => Interlocked.Read(ref _moved);

    /// <summary>Copies that were deleted here because the right node has them.</summary>
    public long Surplus => Interlocked.Read(ref _surplus);

    /// <summary>Fragments of dropped stripes that were deleted.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Fragments of stripes that no entry added in time, deleted.</summary>
    public long Expired => Interlocked.Read(ref _expired);

    /// <summary>Fragments that the scrub has read.</summary>
    public long Scrubbed => Interlocked.Read(ref _scrubbed);

    /// <summary>Their bytes.</summary>
    public long ScrubbedBytes => Interlocked.Read(ref _scrubbedBytes);

    /// <summary>Fragments found not to be what their roots say.</summary>
    public long Quarantined => Interlocked.Read(ref _quarantined);

    public void SetQueue(int length) => Interlocked.Exchange(ref _queue, length);

    public void SetOpen(int count) => Interlocked.Exchange(ref _open, count);

    public void NoteRebuilt(int bytes)
    {
        Interlocked.Increment(ref _rebuilt);
        Interlocked.Add(ref _rebuiltBytes, bytes);
    }

    public void NoteFailed() => Interlocked.Increment(ref _failed);

    public void NoteMoved() => Interlocked.Increment(ref _moved);

    public void NoteSurplus() => Interlocked.Increment(ref _surplus);

    public void NoteDropped() => Interlocked.Increment(ref _dropped);

    public void NoteExpired() => Interlocked.Increment(ref _expired);

    public void NoteScrubbed(int bytes, bool isWhole)
    {
        Interlocked.Increment(ref _scrubbed);
        Interlocked.Add(ref _scrubbedBytes, bytes);
        Interlocked.Add(ref _quarantined, isWhole ? 0 : 1);
    }
}
