using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Cryptography.Signatures;

/// <summary>Ed25519 as half of a composite.</summary>
/// <standard>RFC 8032, section 5.1.</standard>
internal sealed class Ed25519Half : IClassicalSignature
{
    private Ed25519Half()
    {
    }

    public static Ed25519Half Instance { get; } = new();

    public int PrivateKeySize => Ed25519.SeedSize;

    public int PublicKeySize => Ed25519.PublicKeySize;

    public int SignatureSizeMax => Ed25519.SignatureSize;

    public bool IsRepeatable => true;

    public void GeneratePrivateKey(IRandomSource random, Span<byte> privateKey) => random.Fill(privateKey);

    public bool IsPrivateKey(ReadOnlySpan<byte> privateKey) => privateKey.Length == Ed25519.SeedSize;

    public void DerivePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey) =>
        Ed25519.DerivePublicKey(privateKey, publicKey);

    public int Sign(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        Ed25519.Sign(privateKey, message, signature);
        return Ed25519.SignatureSize;
    }

    public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        Ed25519.Verify(publicKey, message, signature);
}
