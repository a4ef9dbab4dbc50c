using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>The mailbox cannot sleep now: what was held back for it may come.</summary>
internal sealed record MailboxAwake(NodeId Device);
