using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Vaults.Ordering;

/// <summary>One node and what it said.</summary>
/// <param name="Node">The node, as its channel proved it.</param>
/// <param name="Answer">Its answer; null if none came, so that it may have done what was asked or not.</param>
internal sealed record AskedNode(NodeId Node, LinkMessage? Answer);
