namespace SigmaComms.Actors.Mailboxes;

/// <summary>What only a mailbox needs that was full once or is bounded in bytes. Its gate guards it.</summary>
internal sealed class MailboxPressure
{
    /// <summary>Senders that wait for room, in their order.</summary>
    public LinkedList<WaitingSender> Waiting { get; } = [];

    /// <summary>The bound in bytes, or null if there is none.</summary>
    public MailboxWeights? Weights { get; init; }

    /// <summary>Messages that were refused or displaced.</summary>
    public long Dropped { get; set; }
}
