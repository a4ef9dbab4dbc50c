using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Remoting;

/// <summary>On the event stream: a node's actors can be reached, for the first time or again.</summary>
/// <param name="Node">The node.</param>
/// <param name="Incarnation">Its process; a greater one than before means that all its actors are new.</param>
public sealed record NodeReachable(NodeId Node, ulong Incarnation);
