namespace SigmaComms.Cryptography.Signatures;

/// <summary>Ed25519, seen as an algorithm among others.</summary>
/// <standard>RFC 8032, section 5.1.</standard>
internal sealed class Ed25519Signature : SignatureAlgorithm
{
    private Ed25519Signature()
        : base("Ed25519")
    {
    }

    public static Ed25519Signature Instance { get; } = new();

    public override int PrivateKeySize => Ed25519.SeedSize;

    public override int PublicKeySize => Ed25519.PublicKeySize;

    public override int SignatureSizeMax => Ed25519.SignatureSize;

    public override int RandomnessSize => 0;

    public override int ContextSizeMax => 0;

    public override void DerivePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey) =>
        Ed25519.DerivePublicKey(privateKey, publicKey);

    public override int Sign(
        ReadOnlySpan<byte> privateKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature)
    {
        Size.Require(context, 0);
        Size.Require(randomness, 0);
        Ed25519.Sign(privateKey, message, signature);
        return Ed25519.SignatureSize;
    }

    public override bool Verify(
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature) =>
        context.IsEmpty && Ed25519.Verify(publicKey, message, signature);
}
