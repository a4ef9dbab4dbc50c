using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Cryptography.Signatures;

/// <summary>The classical half of a composite signature, in the composite draft's encodings.</summary>
/// <standard>draft-ietf-lamps-pq-composite-sigs-19, section 4 (serialization).</standard>
internal interface IClassicalSignature
{
    /// <summary>Size of a private key.</summary>
    int PrivateKeySize { get; }

    /// <summary>Size of a public key.</summary>
    int PublicKeySize { get; }

    /// <summary>The most bytes of a signature.</summary>
    int SignatureSizeMax { get; }

    /// <summary>Whether the same key and message always give the same signature.</summary>
    bool IsRepeatable { get; }

    /// <summary>Makes a private key.</summary>
    void GeneratePrivateKey(IRandomSource random, Span<byte> privateKey);

    /// <summary>Whether bytes of the right length are a private key.</summary>
    bool IsPrivateKey(ReadOnlySpan<byte> privateKey);

    /// <summary>The public key that belongs to a private key.</summary>
    void DerivePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey);

    /// <summary>Signs; the number of bytes written.</summary>
    int Sign(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> message, Span<byte> signature);

    /// <summary>Whether the signature is the key holder's.</summary>
    bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);
}
