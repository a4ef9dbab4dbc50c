using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Cryptography.Tests.Signatures;

/// <summary>The public members of one pair of key classes, so that known-answer tests run on all three pairs.</summary>
internal sealed record MlDsaKeySurface(
    MlDsaSurface Static, Func<byte[], MlDsaKeySurface.Signer> New, Func<byte[], MlDsaKeySurface.Signer?> Import)
{
    public delegate void SignMessage(
        ReadOnlySpan<byte> message, ReadOnlySpan<byte> context, IRandomSource random, Span<byte> signature);

    public delegate void SignSame(ReadOnlySpan<byte> message, ReadOnlySpan<byte> context, Span<byte> signature);

    public delegate void SignHash(
        PreHashAlgorithm algorithm,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        IRandomSource random,
        Span<byte> signature);

    public delegate void SignMu(ReadOnlySpan<byte> representative, IRandomSource random, Span<byte> signature);

    public delegate bool VerifyMessage(
        ReadOnlySpan<byte> message, ReadOnlySpan<byte> context, ReadOnlySpan<byte> signature);

    public delegate bool VerifyHash(
        PreHashAlgorithm algorithm,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature);

    public delegate bool VerifyMu(ReadOnlySpan<byte> representative, ReadOnlySpan<byte> signature);

    public static IReadOnlyList<MlDsaKeySurface> All { get; } =
    [
        new(
            MlDsaSurface.Named("ML-DSA-44"),
            seed => Of(new MlDsa44SigningKey(seed)),
            bytes => MlDsa44SigningKey.TryImport(bytes, out MlDsa44SigningKey? key) ? Of(key) : null),
        new(
            MlDsaSurface.Named("ML-DSA-65"),
            seed => Of(new MlDsa65SigningKey(seed)),
            bytes => MlDsa65SigningKey.TryImport(bytes, out MlDsa65SigningKey? key) ? Of(key) : null),
        new(
            MlDsaSurface.Named("ML-DSA-87"),
            seed => Of(new MlDsa87SigningKey(seed)),
            bytes => MlDsa87SigningKey.TryImport(bytes, out MlDsa87SigningKey? key) ? Of(key) : null),
    ];

    private static Signer Of(MlDsa44SigningKey key)
    {
        MlDsa44VerificationKey verifier = new(key.PublicKey.Span);
        return new(
            key, key.PublicKey.ToArray(), key.HasSeed, key.ExportSeed,
            key.Sign, key.SignDeterministically, key.SignPreHashed, key.SignRepresentative,
            verifier.Verify, verifier.VerifyPreHashed, verifier.VerifyRepresentative);
    }

    private static Signer Of(MlDsa65SigningKey key)
    {
        MlDsa65VerificationKey verifier = new(key.PublicKey.Span);
        return new(
            key, key.PublicKey.ToArray(), key.HasSeed, key.ExportSeed,
            key.Sign, key.SignDeterministically, key.SignPreHashed, key.SignRepresentative,
            verifier.Verify, verifier.VerifyPreHashed, verifier.VerifyRepresentative);
    }

    private static Signer Of(MlDsa87SigningKey key)
    {
        MlDsa87VerificationKey verifier = new(key.PublicKey.Span);
        return new(
            key, key.PublicKey.ToArray(), key.HasSeed, key.ExportSeed,
            key.Sign, key.SignDeterministically, key.SignPreHashed, key.SignRepresentative,
            verifier.Verify, verifier.VerifyPreHashed, verifier.VerifyRepresentative);
    }

    /// <summary>A signing key and the verification key that belongs to it.</summary>
    internal sealed record Signer(
        IDisposable Key,
        byte[] PublicKey,
        bool HasSeed,
        Func<byte[]> ExportSeed,
        SignMessage Sign,
        SignSame SignDeterministically,
        SignHash SignPreHashed,
        SignMu SignRepresentative,
        VerifyMessage Verify,
        VerifyHash VerifyPreHashed,
        VerifyMu VerifyRepresentative) : IDisposable
    {
        public void Dispose() => Key.Dispose();
    }
}
