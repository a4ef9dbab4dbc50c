using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Peers;

/// <summary>Tells membership that the links to the peer are gone.</summary>
internal sealed record PeerLost(NodeId Peer, string Detail);
