using System.Runtime.CompilerServices;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>Arithmetic with polynomials of 256 coefficients modulo 8380417, and their transform.</summary>
/// <remarks>
/// Coefficients are unsigned. "Canonical" means below q; "lazy" means below 20 q, which the forward transform gives
/// and the product takes for one of its factors. Nothing here branches or indexes on a coefficient.
/// A product by a constant z uses its quotient z' = floor(z 2^32 / q): x z - floor(x z' / 2^32) q is below
/// q + x q / 2^32, so below 2 q for every 32-bit x.
/// </remarks>
/// <standard>FIPS 204, section 7.5, algorithms 41 to 48.</standard>
internal static class MlDsaRing
{
    /// <summary>The modulus q.</summary>
    public const uint Modulus = 8380417;

    /// <summary>Coefficients of a polynomial.</summary>
    public const int Degree = 256;

    // 1/256 mod q and its quotient: the inverse transform's scale.
    private const uint Scale = 8347681;
    private const uint ScaleQuotient = (uint)(((ulong)Scale << 32) / Modulus);

    // In the inverse transform sums at most double with every layer (a product is below 2 q): below 256 q < 2^31 in
    // the end, and below 128 q before the last layer, so that differences stay positive with 128 q added.
    private const uint Offset = 128 * Modulus;

    // floor(2^64 / q); see Reduce.
    private const ulong Reciprocal = ulong.MaxValue / Modulus;

    /// <summary>Any 64-bit value to canonical.</summary>
    /// <param name="value">Any value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Reduce(ulong value)
    {
        // The estimate of value / q is at most one too small.
        ulong quotient = Math.BigMul(value, Reciprocal, out _);
        return ReduceOnce((uint)(value - (quotient * Modulus)));
    }

    /// <summary>Any 32-bit value to canonical.</summary>
    /// <param name="value">Any value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Reduce(uint value)
    {
        // q = 2^23 - 2^13 + 1, so value / 2^23 is close below value / q: what stays is below 2^23 + 2^22 < 2 q.
        return ReduceOnce(value - ((value >> 23) * Modulus));
    }

    /// <summary>A value below 2 q to canonical.</summary>
    /// <param name="value">A value below 2 q.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ReduceOnce(uint value)
    {
        uint reduced = value - Modulus;
        return reduced + (Modulus & (uint)((int)reduced >> 31));
    }

    /// <summary>A number between -q and q to canonical.</summary>
    /// <param name="value">The number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint FromSigned(int value) => (uint)(value + ((value >> 31) & (int)Modulus));

    /// <summary>The representative between -(q - 1) / 2 and (q - 1) / 2.</summary>
    /// <param name="value">Canonical.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Centered(uint value)
    {
        int signed = (int)value;
        return signed - (((((int)Modulus - 1) / 2) - signed >> 31) & (int)Modulus);
    }

    /// <summary>A product by a constant; below 2 q.</summary>
    /// <param name="value">Any value.</param>
    /// <param name="factor">The constant, canonical.</param>
    /// <param name="quotient">floor(factor 2^32 / q).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint MultiplyConstant(uint value, uint factor, uint quotient)
    {
        uint multiple = (uint)(((ulong)value * quotient) >> 32);
        return (value * factor) - (multiple * Modulus);
    }

    /// <summary>Forward transform in place: canonical in, lazy out (each of 8 layers adds 2 q at most).</summary>
    /// <param name="polynomial">256 coefficients.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Transform(Span<uint> polynomial)
    {
        fixed (uint* first = polynomial[..Degree])
        {
            // Two layers at a time: block i of a layer becomes blocks 2 i and 2 i + 1 of the next.
            for (int quarter = Degree / 4; quarter >= 1; quarter >>= 2)
            {
                int blocks = Degree / 4 / quarter;
                for (int block = 0; block < blocks; block++)
                {
                    TransformBlock(first + (4 * quarter * block), quarter, blocks + block);
                }
            }
        }
    }

    /// <summary>Inverse transform in place: canonical in, canonical out.</summary>
    /// <param name="polynomial">256 coefficients.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void TransformBack(Span<uint> polynomial)
    {
        fixed (uint* first = polynomial[..Degree])
        {
            for (int quarter = 1; quarter <= Degree / 4; quarter <<= 2)
            {
                int blocks = Degree / 4 / quarter;
                for (int block = 0; block < blocks; block++)
                {
                    TransformBlockBack(first + (4 * quarter * block), quarter, (2 * blocks) - 1 - block);
                }
            }

            for (int j = 0; j < Degree; j++)
            {
                first[j] = ReduceOnce(MultiplyConstant(first[j], Scale, ScaleQuotient));
            }
        }
    }

    /// <summary>One row of a matrix times a vector, coefficient by coefficient; canonical.</summary>
    /// <param name="row">Canonical polynomials, transformed.</param>
    /// <param name="vector">As many lazy polynomials, transformed.</param>
    /// <param name="product">Receives one polynomial.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void MultiplyRow(ReadOnlySpan<uint> row, ReadOnlySpan<uint> vector, Span<uint> product)
    {
        // A product is below 20 q^2 < 2^51, so seven of them fit in 64 bits many times over.
        int length = vector.Length;
        fixed (uint* a = row[..length], b = vector, c = product[..Degree])
        {
            for (int i = 0; i < Degree; i++)
            {
                ulong sum = 0;
                for (int j = i; j < length; j += Degree)
                {
                    sum += (ulong)a[j] * b[j];
                }

                c[i] = Reduce(sum);
            }
        }
    }

    /// <summary>Makes every coefficient canonical.</summary>
    /// <param name="polynomial">Any number of any values.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ReduceAll(Span<uint> polynomial)
    {
        for (int i = 0; i < polynomial.Length; i++)
        {
            polynomial[i] = Reduce(polynomial[i]);
        }
    }

    /// <summary>Adds canonical coefficients to canonical ones.</summary>
    /// <param name="addend">What to add.</param>
    /// <param name="sum">As many coefficients.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ReadOnlySpan<uint> addend, Span<uint> sum)
    {
        sum = sum[..addend.Length];
        for (int i = 0; i < addend.Length; i++)
        {
            sum[i] = ReduceOnce(sum[i] + addend[i]);
        }
    }

    /// <summary>Subtracts canonical coefficients from canonical ones.</summary>
    /// <param name="subtrahend">What to subtract.</param>
    /// <param name="difference">As many coefficients.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Subtract(ReadOnlySpan<uint> subtrahend, Span<uint> difference)
    {
        difference = difference[..subtrahend.Length];
        for (int i = 0; i < subtrahend.Length; i++)
        {
            difference[i] = ReduceOnce(difference[i] + Modulus - subtrahend[i]);
        }
    }

    /// <summary>Whether every coefficient is smaller in size than the bound; only the answer is given away.</summary>
    /// <param name="polynomial">Canonical coefficients.</param>
    /// <param name="bound">More than every coefficient may have.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool IsWithin(ReadOnlySpan<uint> polynomial, uint bound)
    {
        int outside = 0;
        for (int i = 0; i < polynomial.Length; i++)
        {
            int centered = Centered(polynomial[i]);
            int sign = centered >> 31;
            int size = (centered ^ sign) - sign;
            outside |= (int)bound - 1 - size;
        }

        return outside >= 0;
    }

    // Two layers on one block of four quarters; index is that of the first layer's factor.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void TransformBlock(uint* block, int quarter, int index)
    {
        uint zeta1 = MlDsaZetas.Zetas[index], quotient1 = MlDsaZetas.ZetaQuotients[index];
        uint zeta2 = MlDsaZetas.Zetas[2 * index], quotient2 = MlDsaZetas.ZetaQuotients[2 * index];
        uint zeta3 = MlDsaZetas.Zetas[(2 * index) + 1], quotient3 = MlDsaZetas.ZetaQuotients[(2 * index) + 1];
        for (uint* end = block + quarter; block < end; block++)
        {
            uint turned2 = MultiplyConstant(block[2 * quarter], zeta1, quotient1);
            uint turned3 = MultiplyConstant(block[3 * quarter], zeta1, quotient1);
            uint a = block[0] + turned2;
            uint b = MultiplyConstant(block[quarter] + turned3, zeta2, quotient2);
            uint c = block[0] + (2 * Modulus) - turned2;
            uint d = MultiplyConstant(block[quarter] + (2 * Modulus) - turned3, zeta3, quotient3);
            block[0] = a + b;
            block[quarter] = a + (2 * Modulus) - b;
            block[2 * quarter] = c + d;
            block[3 * quarter] = c + (2 * Modulus) - d;
        }
    }

    // The same two layers undone.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void TransformBlockBack(uint* block, int quarter, int index)
    {
        uint zeta1 = MlDsaZetas.Zetas[index], quotient1 = MlDsaZetas.ZetaQuotients[index];
        uint zeta2 = MlDsaZetas.Zetas[2 * index], quotient2 = MlDsaZetas.ZetaQuotients[2 * index];
        uint zeta3 = MlDsaZetas.Zetas[(2 * index) + 1], quotient3 = MlDsaZetas.ZetaQuotients[(2 * index) + 1];
        for (uint* end = block + quarter; block < end; block++)
        {
            uint a = block[0] + block[quarter];
            uint b = MultiplyConstant(block[quarter] + Offset - block[0], zeta3, quotient3);
            uint c = block[2 * quarter] + block[3 * quarter];
            uint d = MultiplyConstant(block[3 * quarter] + Offset - block[2 * quarter], zeta2, quotient2);
            block[0] = a + c;
            block[quarter] = b + d;
            block[2 * quarter] = MultiplyConstant(c + Offset - a, zeta1, quotient1);
            block[3 * quarter] = MultiplyConstant(d + Offset - b, zeta1, quotient1);
        }
    }
}
