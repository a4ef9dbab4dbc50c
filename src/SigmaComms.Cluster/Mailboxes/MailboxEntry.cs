using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>
/// What is kept in memory of one message in a mailbox: where the journal has it, not the message. Belongs to the
/// mailbox's actor.
/// </summary>
/// <param name="id">The sender's id of the message.</param>
/// <param name="sender">The device that deposited it.</param>
/// <param name="size">What it counts for against the limits.</param>
/// <param name="expiresUtcTicks">When it may be dropped.</param>
/// <param name="storedAt">When it came, on the monotonic clock; zero if recovered.</param>
internal sealed class MailboxEntry(Digest16 id, NodeId sender, long size, ulong expiresUtcTicks, TimeSpan storedAt)
{
    public Digest16 Id => id;

    public NodeId Sender => sender;

    public long Size => size;

    public ulong ExpiresUtcTicks => expiresUtcTicks;

    public TimeSpan StoredAt => storedAt;

    /// <summary>Where the journal holds it.</summary>
    public long Sequence { get; set; }

    /// <summary>Whether it was acknowledged, dropped or expired.</summary>
    public bool IsGone { get; set; }

    /// <summary>Whether it is on its way to the present subscriber.</summary>
    public bool IsOnItsWay { get; set; }

    /// <summary>The message itself, only while it is among the next for a subscriber.</summary>
    public HeldMessage? Content { get; set; }
}
