using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>A message for the mailbox of a device; the mailbox is made if it does not exist.</summary>
internal sealed record ForMailbox(NodeId Device, object Message);
