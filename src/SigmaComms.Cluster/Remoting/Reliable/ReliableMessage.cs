using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Remoting.Reliable;

/// <summary>One message of a reliable stream, the same at every sending.</summary>
/// <param name="Stream">Which stream; a producer that lost its numbers begins another one.</param>
/// <param name="Sequence">Counts up by one from 1.</param>
/// <param name="Payload">The content.</param>
public sealed record ReliableMessage(Digest16 Stream, ulong Sequence, ReadOnlyMemory<byte> Payload);
