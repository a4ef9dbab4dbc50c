using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>The mailbox has nothing to do: it may be put to sleep.</summary>
internal sealed record MailboxIdle(NodeId Device);
