using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Vaults.Ordering;

/// <summary>What became of a command.</summary>
/// <param name="Reply">The log's reply; null if it gave none.</param>
/// <param name="Height">With a reply: a state at least as new shows what the command did.</param>
/// <param name="Refusal">Without a reply: why it was surely not executed; null if it may have been.</param>
/// <param name="Detail">Without a reply: why, for people.</param>
internal sealed record CommandFate(VaultReply? Reply, ulong Height, RefusalReason? Refusal, string Detail)
{
    /// <summary>With a reply: who says so.</summary>
    public NodeId? Node { get; private init; }

    /// <summary>The log answered, as a node says.</summary>
    public static CommandFate Answered(VaultReply reply, ulong height, NodeId node) =>
        new(reply, height, null, "") { Node = node };

    /// <summary>It was surely not executed.</summary>
    public static CommandFate Refused(RefusalReason reason, string detail) => new(null, 0, reason, detail);

    /// <summary>Nobody knows.</summary>
    public static CommandFate Unknown(string detail) => new(null, 0, null, detail);
}
