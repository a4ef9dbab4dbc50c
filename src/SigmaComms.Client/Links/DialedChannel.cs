using System.IO.Pipelines;

namespace SigmaComms.Client.Links;

/// <summary>A secured connection and what its handshake proved.</summary>
/// <param name="Transport">The plain bytes; disposed by the owner of the channel if it can be.</param>
/// <param name="PeerPublicKey">The ML-DSA-65 key that the peer proved to hold.</param>
/// <param name="Handshake">What was negotiated.</param>
public sealed record DialedChannel(
    IDuplexPipe Transport, ReadOnlyMemory<byte> PeerPublicKey, LinkHandshake Handshake);
