using System.Runtime.CompilerServices;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>How keys and signatures are laid out in bytes.</summary>
/// <standard>FIPS 204, section 7.2, algorithms 16 to 28.</standard>
internal static class MlDsaEncoding
{
    private const int Degree = MlDsaRing.Degree;
    private const uint Modulus = MlDsaRing.Modulus;

    /// <summary>Writes offset minus each coefficient; works in place, so the coefficients are lost.</summary>
    /// <param name="offset">The largest coefficient.</param>
    /// <param name="bits">Bits for each.</param>
    /// <param name="polynomial">Canonical; destroyed.</param>
    /// <param name="bytes">Receives 32 times bits bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackSigned(uint offset, int bits, Span<uint> polynomial, Span<byte> bytes)
    {
        for (int i = 0; i < polynomial.Length; i++)
        {
            polynomial[i] = MlDsaRing.ReduceOnce(offset + Modulus - polynomial[i]);
        }

        BitPacking.Pack(polynomial, bits, bytes);
    }

    /// <summary>Reads what <see cref="PackSigned"/> wrote.</summary>
    /// <param name="offset">The largest coefficient.</param>
    /// <param name="bits">Bits for each.</param>
    /// <param name="bytes">32 times bits bytes.</param>
    /// <param name="polynomial">Receives canonical coefficients.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void UnpackSigned(uint offset, int bits, ReadOnlySpan<byte> bytes, Span<uint> polynomial)
    {
        BitPacking.Unpack(bytes, bits, polynomial);
        for (int i = 0; i < polynomial.Length; i++)
        {
            polynomial[i] = MlDsaRing.ReduceOnce(offset + Modulus - polynomial[i]);
        }
    }

    /// <summary>Reads one polynomial of the mask or of the response.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="bytes">The encoded polynomial.</param>
    /// <param name="polynomial">Receives canonical coefficients.</param>
    public static void UnpackMask(MlDsaParameters set, ReadOnlySpan<byte> bytes, Span<uint> polynomial) =>
        UnpackSigned(set.MaskBound, set.MaskBits, bytes, polynomial);

    /// <summary>As <see cref="UnpackSigned"/>, for any number of polynomials from elsewhere.</summary>
    /// <param name="offset">The largest coefficient.</param>
    /// <param name="limit">The largest value, offset minus coefficient, that is allowed.</param>
    /// <param name="bits">Bits for each.</param>
    /// <param name="bytes">The encoded polynomials.</param>
    /// <param name="polynomials">Receives canonical coefficients.</param>
    /// <returns>False if a value is above the limit; only that is given away.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryUnpackSigned(
        uint offset, uint limit, int bits, ReadOnlySpan<byte> bytes, Span<uint> polynomials)
    {
        BitPacking.Unpack(bytes, bits, polynomials);
        uint outside = 0;
        for (int i = 0; i < polynomials.Length; i++)
        {
            outside |= limit - polynomials[i];
            polynomials[i] = MlDsaRing.ReduceOnce(offset + Modulus - polynomials[i]);
        }

        return outside >> 31 == 0;
    }

    /// <summary>Writes the hint: the places of the ones row by row, then where each row ends. Algorithm 20.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="hints">0 or 1 for each coefficient, at most omega ones.</param>
    /// <param name="bytes">Receives omega + k bytes.</param>
    public static void PackHints(MlDsaParameters set, ReadOnlySpan<uint> hints, Span<byte> bytes)
    {
        bytes.Clear();
        int written = 0;
        for (int row = 0; row < set.Rows; row++)
        {
            for (int i = 0; i < Degree; i++)
            {
                if (hints[(row * Degree) + i] != 0)
                {
                    bytes[written++] = (byte)i;
                }
            }

            bytes[set.HintsMax + row] = (byte)written;
        }
    }

    /// <summary>Reads what <see cref="PackHints"/> wrote; only its one form is taken. Algorithm 21.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="bytes">omega + k untrusted bytes.</param>
    /// <param name="hints">Receives 0 or 1 for each coefficient.</param>
    /// <returns>False if places are unordered or repeated, rows overlap, or unused bytes are not zero.</returns>
    public static bool TryUnpackHints(MlDsaParameters set, ReadOnlySpan<byte> bytes, Span<uint> hints)
    {
        hints.Clear();
        int read = 0;
        for (int row = 0; row < set.Rows; row++)
        {
            int end = bytes[set.HintsMax + row];
            if (end < read || end > set.HintsMax)
            {
                return false;
            }

            for (int first = read; read < end; read++)
            {
                if (read > first && bytes[read] <= bytes[read - 1])
                {
                    return false;
                }

                hints[(row * Degree) + bytes[read]] = 1;
            }
        }

        return bytes[read..set.HintsMax].IndexOfAnyExcept((byte)0) < 0;
    }

    /// <summary>Parts t into t1 and t0 and writes t1. Algorithm 35.</summary>
    /// <param name="polynomial">t, canonical; receives t0, canonical.</param>
    /// <param name="bytes">Receives t1 in 320 bytes.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackHighPart(Span<uint> polynomial, Span<byte> bytes)
    {
        const int Dropped = MlDsaParameters.DroppedBits;
        Span<uint> high = stackalloc uint[Degree];
        for (int i = 0; i < Degree; i++)
        {
            high[i] = (polynomial[i] + (1u << (Dropped - 1)) - 1) >> Dropped;
            polynomial[i] = MlDsaRing.FromSigned((int)(polynomial[i] - (high[i] << Dropped)));
        }

        BitPacking.Pack(high, MlDsaParameters.HighBits, bytes);
    }
}
