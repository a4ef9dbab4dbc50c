namespace SigmaComms.Cluster;

/// <summary>Figures of one node for its health report. Safe to use from any thread.</summary>
internal sealed class NodeCounters
{
    /// <summary>A write of so many bytes shows that the store is well again, whatever failed before.</summary>
    public const int TellingBytesMax = 1 << 20;

    private long _mailboxes;
    private long _mailboxBytes;
    private long _storageFailures;
    private long _failingBytes;
    private long _writes;
    private string? _storageError;

    /// <summary>Mailboxes that hold at least one message.</summary>
    public long Mailboxes => Interlocked.Read(ref _mailboxes);

    /// <summary>Bytes in all mailboxes.</summary>
    public long MailboxBytes => Interlocked.Read(ref _mailboxBytes);

    /// <summary>Writes that failed since the start.</summary>
    public long StorageFailures => Interlocked.Read(ref _storageFailures);

    /// <summary>Whether a write failed and none of its size has succeeded since.</summary>
    public bool IsStorageFailing => FailingBytes != 0;

    /// <summary>
    /// How many bytes a write must have at least to show that the store is well again; 0 if it is. On a full disk small
    /// writes may go on for long: they do not show that messages can be stored.
    /// </summary>
    public long FailingBytes => Interlocked.Read(ref _failingBytes);

    /// <summary>Why the last write that failed did so; null before the first.</summary>
    public string? StorageError => Volatile.Read(ref _storageError);

    /// <summary>Writes since the start, whatever became of them.</summary>
    public long Writes => Interlocked.Read(ref _writes);

    public void AddMailboxes(int difference) => Interlocked.Add(ref _mailboxes, difference);

    public void AddMailboxBytes(long difference) => Interlocked.Add(ref _mailboxBytes, difference);

    /// <summary>Notes what became of a write.</summary>
    /// <param name="succeeded">Whether all of it was stored.</param>
    /// <param name="error">Why it failed, if that is known.</param>
    /// <param name="bytes">About how much was to be stored.</param>
    public void NoteWrite(bool succeeded, string? error = null, long bytes = 0)
    {
        Interlocked.Increment(ref _writes);
        if (error is not null)
        {
            Volatile.Write(ref _storageError, error);
        }

        if (!succeeded)
        {
            Interlocked.Increment(ref _storageFailures);
        }

        NoteSize(succeeded, Math.Clamp(bytes, 1, TellingBytesMax));
    }

    private void NoteSize(bool succeeded, long bytes)
    {
        long before;
        long after;
        do
        {
            before = FailingBytes;
            after = succeeded ? (bytes >= before ? 0 : before) : Math.Max(before, bytes);
        }
        while (before != after && Interlocked.CompareExchange(ref _failingBytes, after, before) != before);
    }
}
