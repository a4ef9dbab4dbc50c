namespace SigmaComms.Cluster.Mailboxes;

/// <summary>
/// Stop if nothing is under way. Reply to the parent: <see cref="MailboxAsleep"/> or <see cref="MailboxAwake"/>.
/// </summary>
internal sealed record FallAsleep;
