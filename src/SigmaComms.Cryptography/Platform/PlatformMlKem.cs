using System.Security.Cryptography;
using SigmaComms.Cryptography.Lattice;

namespace SigmaComms.Cryptography.Platform;

/// <summary>The framework's ML-KEM as one more way of doing it. It draws its own randomness.</summary>
internal sealed class PlatformMlKem : MlKemPath
{
    /// <summary>The one instance.</summary>
    public static PlatformMlKem Instance { get; } = new();

    /// <inheritdoc/>
    public override void DeriveEncapsulationKey(MlKemParameters set, ReadOnlySpan<byte> seed, Span<byte> key)
    {
        using MLKem pair = MLKem.ImportPrivateSeed(AlgorithmOf(set), seed);
        pair.ExportEncapsulationKey(key);
    }

    /// <inheritdoc/>
    public override void ExpandDecapsulationKey(MlKemParameters set, ReadOnlySpan<byte> seed, Span<byte> key)
    {
        using MLKem pair = MLKem.ImportPrivateSeed(AlgorithmOf(set), seed);
        pair.ExportDecapsulationKey(key);
    }

    /// <inheritdoc/>
    public override bool IsValidEncapsulationKey(MlKemParameters set, ReadOnlySpan<byte> key)
    {
        using MLKem? imported = TryImport(set, key);
        return imported is not null;
    }

    /// <inheritdoc/>
    public override bool TryEncapsulate(
        MlKemParameters set,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> randomness,
        Span<byte> ciphertext,
        Span<byte> sharedSecret)
    {
        using MLKem? imported = TryImport(set, key);
        if (imported is null)
        {
            CryptographicOperations.ZeroMemory(ciphertext);
            CryptographicOperations.ZeroMemory(sharedSecret);
            return false;
        }

        imported.Encapsulate(ciphertext, sharedSecret);
        return true;
    }

    /// <inheritdoc/>
    public override void Decapsulate(
        MlKemParameters set, ReadOnlySpan<byte> seed, ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret)
    {
        using MLKem pair = MLKem.ImportPrivateSeed(AlgorithmOf(set), seed);
        pair.Decapsulate(ciphertext, sharedSecret);
    }

    /// <inheritdoc/>
    public override bool TryDecapsulateExpanded(
        MlKemParameters set, ReadOnlySpan<byte> key, ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret)
    {
        try
        {
            using MLKem pair = MLKem.ImportDecapsulationKey(AlgorithmOf(set), key);
            pair.Decapsulate(ciphertext, sharedSecret);
            return true;
        }
        catch (CryptographicException)
        {
            CryptographicOperations.ZeroMemory(sharedSecret);
            return false;
        }
    }

    /// <inheritdoc/>
    public override bool TryExpand(MlKemParameters set, ReadOnlySpan<byte> key, MlKemExpansion parts) =>
        IsValidEncapsulationKey(set, key);

    /// <inheritdoc/>
    public override void ExpandPrivate(MlKemParameters set, ReadOnlySpan<byte> key, MlKemExpansion parts)
    {
        // The framework keeps no expanded form that could lie in our memory.
    }

    /// <inheritdoc/>
    public override void Encapsulate(
        MlKemParameters set,
        ReadOnlySpan<byte> key,
        MlKemExpansion parts,
        ReadOnlySpan<byte> randomness,
        Span<byte> ciphertext,
        Span<byte> sharedSecret) =>
        Invariant.Holds(TryEncapsulate(set, key, randomness, ciphertext, sharedSecret));

    /// <inheritdoc/>
    public override void Decapsulate(
        MlKemParameters set,
        ReadOnlySpan<byte> key,
        MlKemExpansion parts,
        ReadOnlySpan<byte> ciphertext,
        Span<byte> sharedSecret) =>
        Invariant.Holds(TryDecapsulateExpanded(set, key, ciphertext, sharedSecret));

    private static MLKem? TryImport(MlKemParameters set, ReadOnlySpan<byte> key)
    {
        try
        {
            return MLKem.ImportEncapsulationKey(AlgorithmOf(set), key);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static MLKemAlgorithm AlgorithmOf(MlKemParameters set) =>
        set == MlKemParameters.MlKem512 ? MLKemAlgorithm.MLKem512
        : set == MlKemParameters.MlKem768 ? MLKemAlgorithm.MLKem768
        : MLKemAlgorithm.MLKem1024;
}
