using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Peers;

/// <summary>Asks for the actor of a peer. Reply: <see cref="PeerFound"/>.</summary>
internal sealed record FindPeer(NodeId Peer);
