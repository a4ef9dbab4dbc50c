using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Links;

/// <summary>What one node answered.</summary>
/// <param name="Node">The node, as its admission names it.</param>
/// <param name="Answer">The answer.</param>
internal sealed record NodeAnswer(NodeId Node, LinkMessage Answer);
