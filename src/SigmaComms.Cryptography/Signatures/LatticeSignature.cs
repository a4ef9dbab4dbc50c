namespace SigmaComms.Cryptography.Signatures;

/// <summary>One of the three ML-DSA classes, seen as an algorithm among others.</summary>
/// <standard>FIPS 204, sections 5.1 to 5.3.</standard>
internal sealed class LatticeSignature : SignatureAlgorithm
{
    private readonly Derive _derive;
    private readonly Signer _sign;
    private readonly Verifier _verify;

    private LatticeSignature(
        string name, (int PublicKey, int Signature) sizes, Derive derive, Signer sign, Verifier verify)
        : base(name)
    {
        (PublicKeySize, SignatureSizeMax) = sizes;
        _derive = derive;
        _sign = sign;
        _verify = verify;
    }

    private delegate void Derive(ReadOnlySpan<byte> seed, Span<byte> publicKey);

    private delegate void Signer(
        ReadOnlySpan<byte> seed,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature);

    private delegate bool Verifier(
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature);

    public static LatticeSignature MlDsa44 { get; } = new(
        "ML-DSA-44",
        (Signatures.MlDsa44.PublicKeySize, Signatures.MlDsa44.SignatureSize),
        Signatures.MlDsa44.DerivePublicKey,
        Signatures.MlDsa44.Sign,
        Signatures.MlDsa44.Verify);

    public static LatticeSignature MlDsa65 { get; } = new(
        "ML-DSA-65",
        (Signatures.MlDsa65.PublicKeySize, Signatures.MlDsa65.SignatureSize),
        Signatures.MlDsa65.DerivePublicKey,
        Signatures.MlDsa65.Sign,
        Signatures.MlDsa65.Verify);

    public static LatticeSignature MlDsa87 { get; } = new(
        "ML-DSA-87",
        (Signatures.MlDsa87.PublicKeySize, Signatures.MlDsa87.SignatureSize),
        Signatures.MlDsa87.DerivePublicKey,
        Signatures.MlDsa87.Sign,
        Signatures.MlDsa87.Verify);

    public override int PrivateKeySize => Signatures.MlDsa65.SeedSize;

    public override int PublicKeySize { get; }

    public override int SignatureSizeMax { get; }

    public override int RandomnessSize => Signatures.MlDsa65.RandomnessSize;

    public override int ContextSizeMax => Signatures.MlDsa65.ContextSizeMax;

    public override void DerivePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey) =>
        _derive(privateKey, publicKey);

    public override int Sign(
        ReadOnlySpan<byte> privateKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature)
    {
        _sign(privateKey, message, context, randomness, signature);
        return SignatureSizeMax;
    }

    public override bool Verify(
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature) =>
        _verify(publicKey, message, context, signature);
}
