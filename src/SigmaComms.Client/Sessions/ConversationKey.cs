using SigmaComms.Cryptography;

namespace SigmaComms.Client.Sessions;

/// <summary>Which conversation: one per device of a peer's account.</summary>
/// <param name="Account">The peer's account.</param>
/// <param name="Device">The peer's device.</param>
internal readonly record struct ConversationKey(NodeId Account, NodeId Device);
