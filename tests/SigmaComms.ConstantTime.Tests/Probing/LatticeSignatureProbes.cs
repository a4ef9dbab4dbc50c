using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.ConstantTime.Tests.Probing;

/// <summary>ML-DSA from seeds, with keys in the long form, with expanded keys, and in composites.</summary>
internal static class LatticeSignatureProbes
{
    private const int PublicSeedSize = 32;
    private const int MaskKeySize = 32;
    private const int HashSize = 64;

    private static readonly byte[] LongKey = MakeLongKey();

    public static IEnumerable<Probe> All =>
    [
        new("ML-DSA-44 key derivation", 32, 1312, static (seed, key, _) => MlDsa44.DerivePublicKey(seed, key)),
        new("ML-DSA-65 key derivation", 32, 1952, static (seed, key, _) => MlDsa65.DerivePublicKey(seed, key)),
        new("ML-DSA-87 key derivation", 32, 2592, static (seed, key, _) => MlDsa87.DerivePublicKey(seed, key)),
        new("ML-DSA-65 key expansion", 32, 4032, static (seed, key, _) => MlDsa65.ExpandPrivateKey(seed, key)),
        new("ML-DSA-44 signing", 32, 2420, static (seed, signature, _) =>
            MlDsa44.Sign(seed, "message"u8, default, new byte[32], signature)),
        new("ML-DSA-65 signing", 32, 3309, static (seed, signature, _) =>
            MlDsa65.Sign(seed, "message"u8, default, new byte[32], signature)),
        new("ML-DSA-87 signing", 32, 4627, static (seed, signature, _) =>
            MlDsa87.Sign(seed, "message"u8, default, new byte[32], signature)),
        new("ML-DSA-65 signing with an expanded key", 32, 3309, static (seed, signature, _) =>
        {
            using MlDsa65SigningKey key = new(seed);
            key.SignDeterministically("message"u8, default, signature);
        }),
        new("ML-DSA-65 signing with a long key", SecretsOf(LongKey), 3309, static (secrets, signature, _) =>
            MlDsa65.TrySignWithPrivateKey(Join(secrets), "message"u8, default, new byte[32], signature)),
        new("ML-DSA-65 import of a long key", SecretsOf(LongKey), 3309, static (secrets, signature, _) =>
        {
            if (MlDsa65SigningKey.TryImport(Join(secrets), out MlDsa65SigningKey? key))
            {
                key.SignDeterministically("message"u8, default, signature);
                key.Dispose();
            }
        }),
        new("MLDSA65-Ed25519 signing", 64, 3373, static (key, signature, _) =>
            CompositeSignature.MlDsa65Ed25519.Sign(key, "message"u8, default, new byte[32], signature)),
        new("MLDSA65-ECDSA-P256 signing, its ML-DSA half", 32, 3309, SignComposite),
    ];

    // The other half is OpenSSL's, which is not checked here: its key is public.
    private static void SignComposite(ReadOnlySpan<byte> seed, Span<byte> signature, Memcheck unused)
    {
        CompositeSignature composite = CompositeSignature.MlDsa65EcdsaP256;
        byte[] key = new byte[composite.PrivateKeySize];
        EcdsaP256Half.Instance.GeneratePrivateKey(new FixedSource(Probe.AnySecret(32)), key.AsSpan(seed.Length));
        seed.CopyTo(key);
        byte[] whole = new byte[composite.SignatureSizeMax];
        composite.Sign(key, "message"u8, default, new byte[32], whole);
        whole.AsSpan(0, signature.Length).CopyTo(signature);
    }

    // rho | K | tr | s1, s2, t0: rho and tr are public.
    private static byte[] SecretsOf(byte[] key) =>
        [.. key.AsSpan(PublicSeedSize, MaskKeySize), .. key.AsSpan(PublicSeedSize + MaskKeySize + HashSize)];

    private static byte[] Join(ReadOnlySpan<byte> secrets) =>
    [
        .. LongKey.AsSpan(0, PublicSeedSize),
        .. secrets[..MaskKeySize],
        .. LongKey.AsSpan(PublicSeedSize + MaskKeySize, HashSize),
        .. secrets[MaskKeySize..],
    ];

    private static byte[] MakeLongKey()
    {
        byte[] key = new byte[MlDsa65.PrivateKeySize];
        MlDsa65.ExpandPrivateKey(Probe.AnySecret(32), key);
        return key;
    }
}
