using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Peers;

/// <summary>Tells membership that the peer was heard after <see cref="ConfirmAlive"/>.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="Proof">Its announcement with the number that was asked for; empty if it gave none.</param>
internal sealed record PeerConfirmed(NodeId Peer, ReadOnlyMemory<byte> Proof);
