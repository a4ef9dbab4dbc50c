using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Peers;

/// <summary>Tells membership that both lanes to the peer can be used.</summary>
internal sealed record PeerUp(NodeId Peer, ulong Incarnation);
