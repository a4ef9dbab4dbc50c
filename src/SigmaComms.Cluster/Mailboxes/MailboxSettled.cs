using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>All messages of the mailbox are where they belong, and nothing is under way.</summary>
internal sealed record MailboxSettled(NodeId Device);
