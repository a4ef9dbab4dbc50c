using System.Runtime.CompilerServices;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>Arithmetic with polynomials of 256 coefficients modulo 3329, and their transform.</summary>
/// <remarks>
/// Coefficients are unsigned. "Canonical" means below q; "lazy" means below 10 q, which the forward transform gives
/// and the product takes for one of its factors. Nothing here branches or indexes on a coefficient.
/// A product by a constant z uses its quotient z' = floor(z 2^32 / q): x z - floor(x z' / 2^32) q is below
/// q + x q / 2^32, so at most q for x below 2^20.
/// </remarks>
/// <standard>FIPS 203, section 4.3, algorithms 9 to 12.</standard>
internal static class MlKemRing
{
    /// <summary>The modulus q.</summary>
    public const uint Modulus = 3329;

    /// <summary>Coefficients of a polynomial.</summary>
    public const int Degree = 256;

    // 1/128 mod q and its quotient: the inverse transform's scale.
    private const uint Scale = 3303;
    private const uint ScaleQuotient = (uint)(((ulong)Scale << 32) / Modulus);

    // In the inverse transform sums double with every layer and reach 128 q at most, so their differences stay
    // positive with 128 q added.
    private const uint Offset = 128 * Modulus;

    // floor(2^43 / q); see Reduce.
    private const ulong Reciprocal = (1UL << 43) / Modulus;

    /// <summary>Any 32-bit value to canonical.</summary>
    /// <param name="value">Any value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Reduce(uint value)
    {
        // The estimate of value / q is at most one too small, since value * (2^43 mod q) / q < 2^43.
        uint quotient = (uint)((value * Reciprocal) >> 43);
        return ReduceOnce(value - (quotient * Modulus));
    }

    /// <summary>A value below 2 q to canonical.</summary>
    /// <param name="value">A value below 2 q.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ReduceOnce(uint value)
    {
        uint reduced = value - Modulus;
        return reduced + (Modulus & (uint)((int)reduced >> 31));
    }

    /// <summary>A product by a constant; at most q.</summary>
    /// <param name="value">Below 2^20.</param>
    /// <param name="factor">The constant, canonical.</param>
    /// <param name="quotient">floor(factor 2^32 / q).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint MultiplyConstant(uint value, uint factor, uint quotient)
    {
        uint multiple = (uint)(((ulong)value * quotient) >> 32);
        return (value * factor) - (multiple * Modulus);
    }

    /// <summary>Forward transform in place: canonical in, lazy out.</summary>
    /// <param name="polynomial">256 coefficients.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Transform(Span<uint> polynomial)
    {
        fixed (uint* first = polynomial[..Degree])
        {
            // Two layers at a time: block i of a layer becomes blocks 2 i and 2 i + 1 of the next.
            for (int quarter = Degree / 4; quarter >= 4; quarter >>= 2)
            {
                int blocks = Degree / 4 / quarter;
                for (int block = 0; block < blocks; block++)
                {
                    TransformBlock(first + (4 * quarter * block), quarter, blocks + block);
                }
            }

            // The seventh layer alone.
            for (int block = 0; block < Degree / 4; block++)
            {
                uint zeta = MlKemZetas.Zetas[(Degree / 4) + block];
                uint quotient = MlKemZetas.ZetaQuotients[(Degree / 4) + block];
                uint* at = first + (4 * block);
                uint turned0 = MultiplyConstant(at[2], zeta, quotient);
                uint turned1 = MultiplyConstant(at[3], zeta, quotient);
                at[2] = at[0] + Modulus - turned0;
                at[3] = at[1] + Modulus - turned1;
                at[0] += turned0;
                at[1] += turned1;
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
            for (int block = 0; block < Degree / 4; block++)
            {
                uint zeta = MlKemZetas.Zetas[(Degree / 2) - 1 - block];
                uint quotient = MlKemZetas.ZetaQuotients[(Degree / 2) - 1 - block];
                uint* at = first + (4 * block);
                uint difference0 = at[2] + Offset - at[0];
                uint difference1 = at[3] + Offset - at[1];
                at[0] += at[2];
                at[1] += at[3];
                at[2] = MultiplyConstant(difference0, zeta, quotient);
                at[3] = MultiplyConstant(difference1, zeta, quotient);
            }

            for (int quarter = 4; quarter <= Degree / 4; quarter <<= 2)
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

    /// <summary>Adds the product of two transformed polynomials to a sum, without reducing the sum.</summary>
    /// <param name="left">Canonical.</param>
    /// <param name="right">Lazy.</param>
    /// <param name="sum">A lazy value and four products fit: each adds less than 21 q^2, 85 q^2 is below 2^32.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void AddProduct(ReadOnlySpan<uint> left, ReadOnlySpan<uint> right, Span<uint> sum)
    {
        fixed (uint* a = left[..Degree], b = right[..Degree], c = sum[..Degree])
        {
            for (int i = 0; i < Degree / 2; i++)
            {
                int even = 2 * i;
                int odd = even + 1;
                uint turned = MultiplyConstant(b[odd], MlKemZetas.Gammas[i], MlKemZetas.GammaQuotients[i]);
                c[even] += (a[even] * b[even]) + (a[odd] * turned);
                c[odd] += (a[even] * b[odd]) + (a[odd] * b[even]);
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

    /// <summary>Replaces canonical coefficients by others minus them.</summary>
    /// <param name="minuend">What to subtract from.</param>
    /// <param name="difference">What to subtract; receives the difference.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SubtractFrom(ReadOnlySpan<uint> minuend, Span<uint> difference)
    {
        difference = difference[..minuend.Length];
        for (int i = 0; i < minuend.Length; i++)
        {
            difference[i] = ReduceOnce(minuend[i] + Modulus - difference[i]);
        }
    }

    // Two layers on one block of four quarters; index is that of the first layer's factor.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void TransformBlock(uint* block, int quarter, int index)
    {
        uint zeta1 = MlKemZetas.Zetas[index], quotient1 = MlKemZetas.ZetaQuotients[index];
        uint zeta2 = MlKemZetas.Zetas[2 * index], quotient2 = MlKemZetas.ZetaQuotients[2 * index];
        uint zeta3 = MlKemZetas.Zetas[(2 * index) + 1], quotient3 = MlKemZetas.ZetaQuotients[(2 * index) + 1];
        for (uint* end = block + quarter; block < end; block++)
        {
            uint turned2 = MultiplyConstant(block[2 * quarter], zeta1, quotient1);
            uint turned3 = MultiplyConstant(block[3 * quarter], zeta1, quotient1);
            uint a = block[0] + turned2;
            uint b = MultiplyConstant(block[quarter] + turned3, zeta2, quotient2);
            uint c = block[0] + Modulus - turned2;
            uint d = MultiplyConstant(block[quarter] + Modulus - turned3, zeta3, quotient3);
            block[0] = a + b;
            block[quarter] = a + Modulus - b;
            block[2 * quarter] = c + d;
            block[3 * quarter] = c + Modulus - d;
        }
    }

    // The same two layers undone.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void TransformBlockBack(uint* block, int quarter, int index)
    {
        uint zeta1 = MlKemZetas.Zetas[index], quotient1 = MlKemZetas.ZetaQuotients[index];
        uint zeta2 = MlKemZetas.Zetas[2 * index], quotient2 = MlKemZetas.ZetaQuotients[2 * index];
        uint zeta3 = MlKemZetas.Zetas[(2 * index) + 1], quotient3 = MlKemZetas.ZetaQuotients[(2 * index) + 1];
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
