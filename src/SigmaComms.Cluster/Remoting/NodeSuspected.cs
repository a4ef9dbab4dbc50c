using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Remoting;

/// <summary>
/// On the event stream: the links to a node dropped. It may live: what is watched there has not ended, but questions
/// to it have failed.
/// </summary>
/// <param name="Node">The node.</param>
/// <param name="Detail">Why, for people.</param>
public sealed record NodeSuspected(NodeId Node, string Detail);
