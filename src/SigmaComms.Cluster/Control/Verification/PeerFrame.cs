using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Verification;

/// <summary>Bytes of a peer that wait to be verified.</summary>
/// <param name="From">The peer, by its link.</param>
/// <param name="Content">The bytes.</param>
internal readonly record struct PeerFrame(NodeId From, ReadOnlyMemory<byte> Content);
