using System.Runtime.CompilerServices;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>Rounding of coefficients to a few bits and back.</summary>
/// <remarks>No division and no branch on a coefficient; the product by a reciprocal is exact, see its test.</remarks>
/// <standard>FIPS 203, section 4.2.1, equations 4.7 and 4.8.</standard>
internal static class MlKemCompression
{
    // ceil(2^36 / q): exact for every numerator that occurs, which a test checks one by one.
    private const ulong Reciprocal = ((1UL << 36) / MlKemRing.Modulus) + 1;

    /// <summary>round(2^bits / q * value) mod 2^bits.</summary>
    /// <param name="value">Canonical.</param>
    /// <param name="bits">1, 4, 5, 10 or 11.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Compress(uint value, int bits)
    {
        ulong numerator = (value << bits) + (MlKemRing.Modulus / 2);
        return (uint)((numerator * Reciprocal) >> 36) & ((1u << bits) - 1);
    }

    /// <summary>round(q / 2^bits * value).</summary>
    /// <param name="value">Below 2^bits.</param>
    /// <param name="bits">1, 4, 5, 10 or 11.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Decompress(uint value, int bits) => ((value * MlKemRing.Modulus) + (1u << (bits - 1))) >> bits;

    /// <summary>Compresses every coefficient in place.</summary>
    /// <param name="polynomial">Canonical coefficients.</param>
    /// <param name="bits">1, 4, 5, 10 or 11.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CompressAll(Span<uint> polynomial, int bits)
    {
        for (int i = 0; i < polynomial.Length; i++)
        {
            polynomial[i] = Compress(polynomial[i], bits);
        }
    }

    /// <summary>Decompresses every coefficient in place.</summary>
    /// <param name="polynomial">Coefficients below 2^bits.</param>
    /// <param name="bits">1, 4, 5, 10 or 11.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DecompressAll(Span<uint> polynomial, int bits)
    {
        for (int i = 0; i < polynomial.Length; i++)
        {
            polynomial[i] = Decompress(polynomial[i], bits);
        }
    }
}
