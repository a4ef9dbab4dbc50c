using SigmaComms.Actors;

namespace SigmaComms.Cluster.Peers;

/// <summary>The actor of a peer.</summary>
internal sealed record PeerFound(IActorRef Actor);
