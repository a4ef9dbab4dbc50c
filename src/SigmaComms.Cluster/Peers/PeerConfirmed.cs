using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Peers;

/// <summary>Tells membership that the peer was heard after <see cref="ConfirmAlive"/>.</summary>
internal sealed record PeerConfirmed(NodeId Peer);
