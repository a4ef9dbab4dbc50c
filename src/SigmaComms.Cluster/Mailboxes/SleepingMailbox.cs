using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>What is remembered of a mailbox with messages while it has no actor.</summary>
/// <param name="Bytes">What it holds; 0 if it is empty.</param>
/// <param name="ExpiresUtcTicks">When its first message expires.</param>
/// <param name="Owners">
/// The nodes, with their processes, that were known to have what they should; empty if that was not so.
/// </param>
internal sealed record SleepingMailbox(
    long Bytes, ulong ExpiresUtcTicks, IReadOnlyList<(NodeId Node, ulong Incarnation)> Owners);
