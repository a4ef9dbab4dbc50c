using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>The mailbox stops, having made durable what must not be lost.</summary>
internal sealed record MailboxAsleep(NodeId Device, SleepingMailbox State);
