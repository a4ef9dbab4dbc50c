using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>One message in a mailbox. Belongs to the mailbox's actor.</summary>
/// <param name="Message">The message.</param>
/// <param name="StoredAt">When it came, on the monotonic clock; zero if recovered.</param>
internal sealed record MailboxEntry(HeldMessage Message, TimeSpan StoredAt)
{
    /// <summary>Where the journal holds it.</summary>
    public long Sequence { get; set; }

    /// <summary>Whether it was acknowledged, dropped or expired.</summary>
    public bool IsGone { get; set; }

    /// <summary>Whether it is on its way to the present subscriber.</summary>
    public bool IsOnItsWay { get; set; }
}
