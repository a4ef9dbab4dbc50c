using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Messaging.Channels.KeyExchange;

/// <summary>The classical half of a hybrid group.</summary>
internal interface IClassicalAgreement
{
    /// <summary>Size of a public key on the wire.</summary>
    int PublicKeySize { get; }

    /// <summary>Makes a key pair.</summary>
    void Generate(IRandomSource random, Span<byte> privateKey32, Span<byte> publicKey);

    /// <summary>Agrees on a secret; false if the peer's key is not allowed.</summary>
    bool TryAgree(ReadOnlySpan<byte> privateKey32, ReadOnlySpan<byte> peerPublicKey, Span<byte> secret32);
}
