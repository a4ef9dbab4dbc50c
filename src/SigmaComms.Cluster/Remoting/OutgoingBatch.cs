using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Remoting;

/// <summary>The next batch of a lane and the link that brings it.</summary>
internal sealed record OutgoingBatch(IRemoteLink Link, ActorBatch Batch, IReadOnlyList<Outgoing> Words);
