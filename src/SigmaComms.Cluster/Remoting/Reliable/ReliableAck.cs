using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Remoting.Reliable;

/// <summary>All messages of a stream up to one have had their effect.</summary>
/// <param name="Stream">Which stream.</param>
/// <param name="UpTo">The last one; 0 for none.</param>
public sealed record ReliableAck(Digest16 Stream, ulong UpTo);
