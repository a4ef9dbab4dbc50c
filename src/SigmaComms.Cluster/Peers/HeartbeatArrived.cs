using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Peers;

/// <summary>A heartbeat of the peer.</summary>
internal sealed record HeartbeatArrived(Heartbeat Heartbeat);
