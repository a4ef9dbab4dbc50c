using SigmaComms.Cryptography.Lattice;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Cryptography.Tests.Signatures;

/// <summary>The public members of one ML-DSA class, so that known-answer tests run on all three.</summary>
internal sealed record MlDsaSurface(
    string Name,
    MlDsaParameters Set,
    int PublicKeySize,
    int PrivateKeySize,
    int SignatureSize,
    MlDsaSurface.Derive DerivePublicKey,
    MlDsaSurface.Derive ExpandPrivateKey,
    MlDsaSurface.SignMessage Sign,
    MlDsaSurface.SignPlain SignHedged,
    MlDsaSurface.SignPlain SignDeterministically,
    MlDsaSurface.TrySignMessage TrySignWithPrivateKey,
    MlDsaSurface.SignHash SignPreHashed,
    MlDsaSurface.SignMu SignRepresentative,
    MlDsaSurface.Represent ComputeRepresentative,
    MlDsaSurface.VerifyMessage Verify,
    MlDsaSurface.VerifyHash VerifyPreHashed,
    MlDsaSurface.VerifyMu VerifyRepresentative)
{
    public const int SeedSize = 32;

    public delegate void Derive(ReadOnlySpan<byte> seed, Span<byte> key);

    public delegate void SignMessage(
        ReadOnlySpan<byte> seed,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature);

    public delegate void SignPlain(
        ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, ReadOnlySpan<byte> context, Span<byte> signature);

    public delegate void Represent(
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        Span<byte> representative);

    public delegate bool TrySignMessage(
        ReadOnlySpan<byte> privateKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature);

    public delegate void SignHash(
        ReadOnlySpan<byte> seed,
        PreHashAlgorithm algorithm,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature);

    public delegate void SignMu(
        ReadOnlySpan<byte> seed,
        ReadOnlySpan<byte> representative,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature);

    public delegate bool VerifyMessage(
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature);

    public delegate bool VerifyHash(
        ReadOnlySpan<byte> publicKey,
        PreHashAlgorithm algorithm,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature);

    public delegate bool VerifyMu(
        ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> representative, ReadOnlySpan<byte> signature);

    public static IReadOnlyList<MlDsaSurface> All { get; } =
    [
        new(
            "ML-DSA-44",
            MlDsaParameters.MlDsa44,
            MlDsa44.PublicKeySize,
            MlDsa44.PrivateKeySize,
            MlDsa44.SignatureSize,
            MlDsa44.DerivePublicKey,
            MlDsa44.ExpandPrivateKey,
            MlDsa44.Sign,
            MlDsa44.Sign,
            MlDsa44.SignDeterministically,
            MlDsa44.TrySignWithPrivateKey,
            MlDsa44.SignPreHashed,
            MlDsa44.SignRepresentative,
            MlDsa44.ComputeRepresentative,
            MlDsa44.Verify,
            MlDsa44.VerifyPreHashed,
            MlDsa44.VerifyRepresentative),
        new(
            "ML-DSA-65",
            MlDsaParameters.MlDsa65,
            MlDsa65.PublicKeySize,
            MlDsa65.PrivateKeySize,
            MlDsa65.SignatureSize,
            MlDsa65.DerivePublicKey,
            MlDsa65.ExpandPrivateKey,
            MlDsa65.Sign,
            MlDsa65.Sign,
            MlDsa65.SignDeterministically,
            MlDsa65.TrySignWithPrivateKey,
            MlDsa65.SignPreHashed,
            MlDsa65.SignRepresentative,
            MlDsa65.ComputeRepresentative,
            MlDsa65.Verify,
            MlDsa65.VerifyPreHashed,
            MlDsa65.VerifyRepresentative),
        new(
            "ML-DSA-87",
            MlDsaParameters.MlDsa87,
            MlDsa87.PublicKeySize,
            MlDsa87.PrivateKeySize,
            MlDsa87.SignatureSize,
            MlDsa87.DerivePublicKey,
            MlDsa87.ExpandPrivateKey,
            MlDsa87.Sign,
            MlDsa87.Sign,
            MlDsa87.SignDeterministically,
            MlDsa87.TrySignWithPrivateKey,
            MlDsa87.SignPreHashed,
            MlDsa87.SignRepresentative,
            MlDsa87.ComputeRepresentative,
            MlDsa87.Verify,
            MlDsa87.VerifyPreHashed,
            MlDsa87.VerifyRepresentative),
    ];

    public static MlDsaSurface Named(string name) => All.Single(surface => surface.Name == name);

    public byte[] PublicKeyOf(ReadOnlySpan<byte> seed)
    {
        byte[] key = new byte[PublicKeySize];
        DerivePublicKey(seed, key);
        return key;
    }

    public byte[] LongKeyOf(ReadOnlySpan<byte> seed)
    {
        byte[] key = new byte[PrivateKeySize];
        ExpandPrivateKey(seed, key);
        return key;
    }

    public byte[] SignatureOf(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, ReadOnlySpan<byte> context)
    {
        byte[] signature = new byte[SignatureSize];
        Sign(seed, message, context, new byte[32], signature);
        return signature;
    }
}
