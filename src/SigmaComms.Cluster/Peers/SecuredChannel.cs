using System.IO.Pipelines;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Peers;

/// <summary>A connection whose other side has proved its key.</summary>
/// <param name="Pipe">The secured bytes; disposed by the link that takes it over.</param>
/// <param name="PeerId">Who the other side is.</param>
/// <param name="PeerPublicKey">Its ML-DSA-65 public key.</param>
/// <param name="RemoteAddress">Its network address without port; for caps and logs only.</param>
internal sealed record SecuredChannel(
    IDuplexPipe Pipe, NodeId PeerId, ReadOnlyMemory<byte> PeerPublicKey, string RemoteAddress);
