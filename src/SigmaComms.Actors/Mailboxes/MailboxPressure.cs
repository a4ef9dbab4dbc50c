namespace SigmaComms.Actors.Mailboxes;

/// <summary>What only a mailbox needs that was full once. Its gate guards it.</summary>
internal sealed class MailboxPressure
{
    /// <summary>Senders that wait for room, in their order.</summary>
    public LinkedList<WaitingSender> Waiting { get; } = [];

    /// <summary>Messages that were refused or displaced.</summary>
    public long Dropped { get; set; }
}
