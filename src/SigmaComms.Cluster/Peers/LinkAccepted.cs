using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Peers;

/// <summary>Hands an accepted link to the transport, for the peer's actor.</summary>
internal sealed record LinkAccepted(NodeId Peer, LinkReady Ready);
