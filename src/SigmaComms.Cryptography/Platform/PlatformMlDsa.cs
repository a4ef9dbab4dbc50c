using System.Security.Cryptography;
using SigmaComms.Cryptography.Lattice;

namespace SigmaComms.Cryptography.Platform;

/// <summary>The framework's ML-DSA on representatives. It draws its own randomness.</summary>
#pragma warning disable SYSLIB5006 // Signing representatives is marked as for evaluation; it is used on demand only.
internal static class PlatformMlDsa
{
    /// <summary>Takes in a private key.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="key">The seed or the long form.</param>
    public static MLDsa ImportPrivateKey(MlDsaParameters set, ReadOnlySpan<byte> key) =>
        key.Length == MlDsaParameters.SeedSize
            ? MLDsa.ImportMLDsaPrivateSeed(AlgorithmOf(set), key)
            : MLDsa.ImportMLDsaPrivateKey(AlgorithmOf(set), key);

    /// <summary>Signs a representative.</summary>
    public static void Sign(MLDsa key, ReadOnlySpan<byte> representative, Span<byte> signature) =>
        key.SignMu(representative, signature);

    /// <summary>Whether the signature of a representative is good.</summary>
    public static bool Verify(
        MlDsaParameters set,
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> representative,
        ReadOnlySpan<byte> signature)
    {
        try
        {
            using MLDsa key = MLDsa.ImportMLDsaPublicKey(AlgorithmOf(set), publicKey);
            return key.VerifyMu(representative, signature);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static MLDsaAlgorithm AlgorithmOf(MlDsaParameters set) =>
        set == MlDsaParameters.MlDsa44 ? MLDsaAlgorithm.MLDsa44
        : set == MlDsaParameters.MlDsa65 ? MLDsaAlgorithm.MLDsa65
        : MLDsaAlgorithm.MLDsa87;
}
