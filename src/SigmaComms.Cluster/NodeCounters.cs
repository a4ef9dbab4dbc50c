namespace SigmaComms.Cluster;

/// <summary>Figures of one node for its health report. Safe to use from any thread.</summary>
internal sealed class NodeCounters
{
    private long _mailboxes;
    private long _mailboxBytes;
    private long _storageFailures;
    private long _storageFailing;
    private long _writes;
    private string? _storageError;

    /// <summary>Mailboxes that hold at least one message.</summary>
    public long Mailboxes => Interlocked.Read(ref _mailboxes);

    /// <summary>Bytes in all mailboxes.</summary>
    public long MailboxBytes => Interlocked.Read(ref _mailboxBytes);

    /// <summary>Writes that failed since the start.</summary>
    public long StorageFailures => Interlocked.Read(ref _storageFailures);

    /// <summary>Whether the last write failed.</summary>
    public bool IsStorageFailing => Interlocked.Read(ref _storageFailing) != 0;

    /// <summary>Why the last write that failed did so; null before the first.</summary>
    public string? StorageError => Volatile.Read(ref _storageError);

    /// <summary>Writes since the start, whatever became of them.</summary>
    public long Writes => Interlocked.Read(ref _writes);

    public void AddMailboxes(int difference) => Interlocked.Add(ref _mailboxes, difference);

    public void AddMailboxBytes(long difference) => Interlocked.Add(ref _mailboxBytes, difference);

    public void NoteWrite(bool succeeded, string? error = null)
    {
        Interlocked.Increment(ref _writes);
        if (error is not null)
        {
            Volatile.Write(ref _storageError, error);
        }

        Interlocked.Exchange(ref _storageFailing, succeeded ? 0 : 1);
        if (!succeeded)
        {
            Interlocked.Increment(ref _storageFailures);
        }
    }
}
