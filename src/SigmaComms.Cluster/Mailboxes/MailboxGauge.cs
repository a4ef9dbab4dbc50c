namespace SigmaComms.Cluster.Mailboxes;

/// <summary>What one mailbox adds to the node's figures. Belongs to the mailbox's actor.</summary>
internal sealed class MailboxGauge(NodeCounters counters)
{
    private bool _isCounted;
    private long _bytes;

    /// <summary>The mailbox holds this much now.</summary>
    public void Show(int messages, long bytes)
    {
        counters.AddMailboxBytes(bytes - _bytes);
        _bytes = bytes;
        bool isCounted = messages > 0;
        counters.AddMailboxes((isCounted ? 1 : 0) - (_isCounted ? 1 : 0));
        _isCounted = isCounted;
    }
}
