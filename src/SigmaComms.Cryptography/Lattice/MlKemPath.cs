using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using SigmaComms.Cryptography.Platform;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>ML-KEM in one way of doing the arithmetic. All ways give the same bytes.</summary>
/// <remarks>Lengths are checked by the callers.</remarks>
/// <standard>FIPS 203, sections 6 and 7.</standard>
internal abstract unsafe class MlKemPath
{
    /// <summary>The fastest of ours that this machine can run.</summary>
    public static MlKemPath Best { get; } = Supported()[0];

    /// <summary>The one to use, by the policy.</summary>
    public static MlKemPath Chosen => CryptographyPolicy.UsesPlatform ? PlatformMlKem.Instance : Best;

    /// <summary>All of ours that this machine can run, the fastest first.</summary>
    public static IReadOnlyList<MlKemPath> Supported()
    {
        List<MlKemPath> paths = [];
        if (Vector512.IsHardwareAccelerated && Avx512BW.IsSupported)
        {
            paths.Add(new MlKemVectorPath<Vector512<short>, MlKemVector512>());
        }

        if (Avx2.IsSupported)
        {
            paths.Add(new MlKemVectorPath<Vector256<short>, MlKemVector256>());
        }

        if (Ssse3.IsSupported || AdvSimd.Arm64.IsSupported)
        {
            paths.Add(new MlKemVectorPath<Vector128<short>, MlKemVector128>());
        }

        paths.Add(new MlKemPlainPath());
        return paths;
    }

    /// <summary>The encapsulation key of a seed. Algorithm 16.</summary>
    public abstract void DeriveEncapsulationKey(MlKemParameters set, ReadOnlySpan<byte> seed, Span<byte> key);

    /// <summary>The decapsulation key of a seed in its long form. Algorithm 16.</summary>
    public abstract void ExpandDecapsulationKey(MlKemParameters set, ReadOnlySpan<byte> seed, Span<byte> key);

    /// <summary>Whether every coefficient of the key is below the modulus. Section 7.2.</summary>
    public abstract bool IsValidEncapsulationKey(MlKemParameters set, ReadOnlySpan<byte> key);

    /// <summary>Encapsulates with given randomness. Algorithms 17 and 20.</summary>
    /// <returns>False, with both outputs zeroed, if the key fails the modulus check.</returns>
    public abstract bool TryEncapsulate(
        MlKemParameters set,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> randomness,
        Span<byte> ciphertext,
        Span<byte> sharedSecret);

    /// <summary>Decapsulates with the seed. Algorithms 16 and 21.</summary>
    public abstract void Decapsulate(
        MlKemParameters set, ReadOnlySpan<byte> seed, ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret);

    /// <summary>Decapsulates with a long key. Algorithm 21 with the checks of section 7.3.</summary>
    /// <returns>False, with the output zeroed, if the key fails the hash check or the modulus check.</returns>
    public abstract bool TryDecapsulateExpanded(
        MlKemParameters set, ReadOnlySpan<byte> key, ReadOnlySpan<byte> ciphertext, Span<byte> sharedSecret);

    /// <summary>Expands an encapsulation key for repeated use.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="key">The key; untrusted.</param>
    /// <param name="parts">Receives matrix, vector and hash.</param>
    /// <returns>False if the key fails the modulus check.</returns>
    public abstract bool TryExpand(MlKemParameters set, ReadOnlySpan<byte> key, MlKemExpansion parts);

    /// <summary>Expands a long decapsulation key, already checked, for repeated use.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="key">The key.</param>
    /// <param name="parts">Receives all parts.</param>
    public abstract void ExpandPrivate(MlKemParameters set, ReadOnlySpan<byte> key, MlKemExpansion parts);

    /// <summary>Encapsulates with an expanded key.</summary>
    public abstract void Encapsulate(
        MlKemParameters set,
        ReadOnlySpan<byte> key,
        MlKemExpansion parts,
        ReadOnlySpan<byte> randomness,
        Span<byte> ciphertext,
        Span<byte> sharedSecret);

    /// <summary>Decapsulates with an expanded key.</summary>
    public abstract void Decapsulate(
        MlKemParameters set,
        ReadOnlySpan<byte> key,
        MlKemExpansion parts,
        ReadOnlySpan<byte> ciphertext,
        Span<byte> sharedSecret);
}
