using System.Runtime.CompilerServices;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>The arithmetic of <see cref="MlKemRing"/> on vectors of signed 16-bit coefficients.</summary>
/// <remarks>
/// A product by a constant is Montgomery's: for |x| at most 2^15 and a constant of at most q/2 it stays below 3/4 q.
/// The forward transform therefore adds less than 7 * 3/4 q to what came in, and needs no reduction in between. In the
/// inverse transform sums double with each layer, so they are reduced after the third and the sixth.
/// No branch or index depends on a coefficient.
/// </remarks>
/// <standard>FIPS 203, section 4.3, algorithms 9 to 12.</standard>
internal static unsafe class MlKemTransform<TVector, TOps>
    where TVector : unmanaged
    where TOps : struct, IMlKemVector<TVector>
{
    /// <summary>The inverse of q modulo 2^16.</summary>
    public const short ModulusInverse = -3327;

    private const int Degree = MlKemRing.Degree;
    private const short Modulus = (short)MlKemRing.Modulus;

    // 2^15 / q, rounded: MultiplyRound by it gives the quotient, off by 0.16 at most before rounding.
    private const short Reciprocal = 10;

    // 2^32 / 128 mod q and 2^32 mod q. Together with the two divisions by 2^16, of the product and of this constant,
    // the first leaves the scale of the inverse transform and the second leaves nothing.
    private const short InverseScale = 1441;
    private const short ProductScale = 1353;

    // Pairs in a vector: the largest distance between two neighbouring vectors.
    private static int PairCount
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TOps.Count / 2;
    }

    /// <summary>Forward transform in place.</summary>
    /// <param name="polynomial">Between -q and q; comes out below 2^15 in magnitude.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(short* polynomial)
    {
        short* plain = MlKemFactors<TVector, TOps>.Forward.Plain;
        int distance = 64;
        for (; distance >= 4 * PairCount; distance >>= 2)
        {
            ForwardTwo(polynomial, distance, plain);
        }

        if (distance > PairCount)
        {
            ForwardOne(polynomial, distance, plain);
        }

        ForwardInside(polynomial, plain, MlKemFactors<TVector, TOps>.Forward.Inside);
    }

    /// <summary>Inverse transform in place, of what <see cref="SumProducts"/> gave.</summary>
    /// <param name="polynomial">Any values; comes out below 2 q in magnitude.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Inverse(short* polynomial)
    {
        short* plain = MlKemFactors<TVector, TOps>.Inverse.Plain;
        InverseInside(polynomial, plain, MlKemFactors<TVector, TOps>.Inverse.Inside);
        int distance = 2 * PairCount;
        if (PairCount == 8)
        {
            InverseOne(polynomial, distance, plain);
            distance *= 2;
        }

        for (distance *= 2; distance <= 64; distance *= 4)
        {
            InverseTwo(polynomial, distance, plain);
        }
    }

    /// <summary>Prepares the right side of products, so that each needs two multiplications of pairs only.</summary>
    /// <param name="polynomial">Transformed.</param>
    /// <param name="factors">
    /// Receives 512 values: the pairs (b0, b1 gamma) for the even coefficients, then (b1, b0) for the odd ones.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Prepare(short* polynomial, short* factors)
    {
        short* pairs = MlKemFactors<TVector, TOps>.Forward.Pairs;
        for (int i = 0; i < Degree; i += TOps.Count)
        {
            TVector b = *(TVector*)(polynomial + i);
            *(TVector*)(factors + i) = Multiply(b, *(TVector*)(pairs + i), *(TVector*)(pairs + Degree + i));
            *(TVector*)(factors + Degree + i) = TOps.Or(TOps.ShiftPairsLeft(b, 16), TOps.ShiftPairsRight(b, 16));
        }
    }

    /// <summary>Sum of up to four products of transformed polynomials, divided by 2^16.</summary>
    /// <param name="left">Canonical polynomials.</param>
    /// <param name="stride">From one to the next, in coefficients.</param>
    /// <param name="factors">What <see cref="Prepare"/> gave for each of the right ones.</param>
    /// <param name="count">How many.</param>
    /// <param name="sum">Receives the sum, below 2^15 in magnitude.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SumProducts(short* left, int stride, short* factors, int count, short* sum)
    {
        // Each pair adds less than 2 q 2^15 to 32 bits, four of them less than 2^30; only then it is reduced.
        TVector lowHalf = TOps.CreatePair(0xFFFF);
        TVector highHalf = TOps.CreatePair(unchecked((int)0xFFFF0000));
        TVector modulus = TOps.Create(Modulus);
        TVector inverse = TOps.Create(ModulusInverse);
        for (int i = 0; i < Degree; i += TOps.Count)
        {
            short* a = left + i;
            short* b = factors + i;
            TVector even = TOps.MultiplyPairs(*(TVector*)a, *(TVector*)b);
            TVector odd = TOps.MultiplyPairs(*(TVector*)a, *(TVector*)(b + Degree));
            for (int j = 1; j < count; j++)
            {
                a += stride;
                b += 2 * Degree;
                even = TOps.AddPairs(even, TOps.MultiplyPairs(*(TVector*)a, *(TVector*)b));
                odd = TOps.AddPairs(odd, TOps.MultiplyPairs(*(TVector*)a, *(TVector*)(b + Degree)));
            }

            TVector low = TOps.Or(TOps.And(even, lowHalf), TOps.ShiftPairsLeft(odd, 16));
            TVector high = TOps.Or(TOps.ShiftPairsRight(even, 16), TOps.And(odd, highHalf));
            TVector multiple = TOps.MultiplyHigh(TOps.MultiplyLow(low, inverse), modulus);
            *(TVector*)(sum + i) = TOps.Subtract(high, multiple);
        }
    }

    /// <summary>Turns a sum of products into the sum itself, adds, and makes it canonical.</summary>
    /// <param name="sum">What <see cref="SumProducts"/> gave; receives the result.</param>
    /// <param name="addend">Transformed noise.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FinishSum(short* sum, short* addend)
    {
        TVector scale = TOps.Create(ProductScale);
        TVector companion = TOps.Create(MlKemFactors<TVector, TOps>.Companion(ProductScale));
        for (int i = 0; i < Degree; i += TOps.Count)
        {
            TVector product = Multiply(*(TVector*)(sum + i), scale, companion);
            *(TVector*)(sum + i) = Canonical(TOps.Add(product, *(TVector*)(addend + i)));
        }
    }

    /// <summary>Makes every coefficient canonical.</summary>
    /// <param name="polynomial">Any values.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ReduceAll(short* polynomial)
    {
        for (int i = 0; i < Degree; i += TOps.Count)
        {
            *(TVector*)(polynomial + i) = Canonical(*(TVector*)(polynomial + i));
        }
    }

    /// <summary>Adds, and makes the sum canonical.</summary>
    /// <param name="addend">Below 2^14 in magnitude.</param>
    /// <param name="sum">Below 2^14 in magnitude; receives the sum.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(short* addend, short* sum)
    {
        for (int i = 0; i < Degree; i += TOps.Count)
        {
            *(TVector*)(sum + i) = Canonical(TOps.Add(*(TVector*)(sum + i), *(TVector*)(addend + i)));
        }
    }

    /// <summary>Replaces a polynomial by another minus it, canonical.</summary>
    /// <param name="minuend">Canonical.</param>
    /// <param name="difference">Below 2^14 in magnitude; receives the difference.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SubtractFrom(short* minuend, short* difference)
    {
        for (int i = 0; i < Degree; i += TOps.Count)
        {
            TVector value = TOps.Subtract(*(TVector*)(minuend + i), *(TVector*)(difference + i));
            *(TVector*)(difference + i) = Canonical(value);
        }
    }

    /// <summary>Any value to canonical.</summary>
    /// <param name="value">Any values.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Canonical(TVector value)
    {
        // A negative value is large as an unsigned one, so that the smaller of the two is the one from 0 to q.
        TVector reduced = Reduce(value);
        return TOps.MinUnsigned(reduced, TOps.Add(reduced, TOps.Create(Modulus)));
    }

    // Any value to one below 2/3 q in magnitude.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Reduce(TVector value)
    {
        TVector quotient = TOps.MultiplyRound(value, TOps.Create(Reciprocal));
        return TOps.Subtract(value, TOps.MultiplyLow(quotient, TOps.Create(Modulus)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Multiply(TVector value, TVector factor, TVector companion)
    {
        TVector multiple = TOps.MultiplyHigh(TOps.MultiplyLow(value, companion), TOps.Create(Modulus));
        return TOps.Subtract(TOps.MultiplyHigh(value, factor), multiple);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Multiply(TVector value, short* plain, int index) =>
        Multiply(value, TOps.Create(plain[index]), TOps.Create(plain[128 + index]));

    // One layer on all blocks; the numbers of the constants are those of MlKemRing.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardOne(short* polynomial, int distance, short* plain)
    {
        int index = 64 / distance;
        int half = 2 * distance;
        for (short* block = polynomial; block < polynomial + Degree; block += 2 * half, index++)
        {
            for (short* at = block; at < block + half; at += TOps.Count)
            {
                TVector a = *(TVector*)at;
                TVector b = Multiply(*(TVector*)(at + half), plain, index);
                *(TVector*)at = TOps.Add(a, b);
                *(TVector*)(at + half) = TOps.Subtract(a, b);
            }
        }
    }

    // Two layers at once, of the distance given and of half of it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardTwo(short* polynomial, int distance, short* plain)
    {
        int index = 64 / distance;
        int quarter = distance;
        for (short* block = polynomial; block < polynomial + Degree; block += 4 * quarter, index++)
        {
            for (short* at = block; at < block + quarter; at += TOps.Count)
            {
                TVector turned2 = Multiply(*(TVector*)(at + (2 * quarter)), plain, index);
                TVector turned3 = Multiply(*(TVector*)(at + (3 * quarter)), plain, index);
                TVector a = TOps.Add(*(TVector*)at, turned2);
                TVector c = TOps.Subtract(*(TVector*)at, turned2);
                TVector b = TOps.Add(*(TVector*)(at + quarter), turned3);
                TVector d = TOps.Subtract(*(TVector*)(at + quarter), turned3);
                b = Multiply(b, plain, 2 * index);
                d = Multiply(d, plain, (2 * index) + 1);
                *(TVector*)at = TOps.Add(a, b);
                *(TVector*)(at + quarter) = TOps.Subtract(a, b);
                *(TVector*)(at + (2 * quarter)) = TOps.Add(c, d);
                *(TVector*)(at + (3 * quarter)) = TOps.Subtract(c, d);
            }
        }
    }

    // The layers between two neighbouring vectors and inside them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardInside(short* polynomial, short* plain, short* inside)
    {
        int index = 64 / PairCount;
        for (int at = 0; at < Degree; at += 2 * TOps.Count, index++)
        {
            TVector first = *(TVector*)(polynomial + at);
            TVector turned = Multiply(*(TVector*)(polynomial + at + TOps.Count), plain, index);
            TVector second = TOps.Subtract(first, turned);
            first = TOps.Add(first, turned);
            if (PairCount > 8)
            {
                ForwardStep(8, inside + (3 * Degree) + at, ref first, ref second);
            }

            if (PairCount > 4)
            {
                ForwardStep(4, inside + (2 * Degree) + at, ref first, ref second);
            }

            ForwardStep(2, inside + Degree + at, ref first, ref second);
            ForwardStep(1, inside + at, ref first, ref second);
            *(TVector*)(polynomial + at) = first;
            *(TVector*)(polynomial + at + TOps.Count) = second;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ForwardStep(int distance, short* constants, ref TVector first, ref TVector second)
    {
        TVector a = first;
        TVector b = second;
        TOps.Split(distance, ref a, ref b);
        b = Multiply(b, *(TVector*)constants, *(TVector*)(constants + TOps.Count));
        first = TOps.Add(a, b);
        second = TOps.Subtract(a, b);
        TOps.Join(distance, ref first, ref second);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InverseInside(short* polynomial, short* plain, short* inside)
    {
        TVector scale = TOps.Create(InverseScale);
        TVector companion = TOps.Create(MlKemFactors<TVector, TOps>.Companion(InverseScale));
        int index = 64 / PairCount;
        for (int at = 0; at < Degree; at += 2 * TOps.Count, index++)
        {
            TVector first = Multiply(*(TVector*)(polynomial + at), scale, companion);
            TVector second = Multiply(*(TVector*)(polynomial + at + TOps.Count), scale, companion);
            InverseStep(1, inside + at, ref first, ref second);
            InverseStep(2, inside + Degree + at, ref first, ref second);
            if (PairCount > 4)
            {
                InverseStep(4, inside + (2 * Degree) + at, ref first, ref second);
            }

            if (PairCount > 8)
            {
                InverseStep(8, inside + (3 * Degree) + at, ref first, ref second);
            }

            TVector sum = TOps.Add(first, second);
            sum = PairCount == 4 ? Reduce(sum) : sum;
            *(TVector*)(polynomial + at) = sum;
            *(TVector*)(polynomial + at + TOps.Count) = Multiply(TOps.Subtract(first, second), plain, index);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InverseStep(int distance, short* constants, ref TVector first, ref TVector second)
    {
        TVector a = first;
        TVector b = second;
        TOps.Split(distance, ref a, ref b);
        first = TOps.Add(a, b);
        first = distance == 4 ? Reduce(first) : first;
        second = Multiply(TOps.Subtract(a, b), *(TVector*)constants, *(TVector*)(constants + TOps.Count));
        TOps.Join(distance, ref first, ref second);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InverseOne(short* polynomial, int distance, short* plain)
    {
        int index = 64 / distance;
        int half = 2 * distance;
        for (short* block = polynomial; block < polynomial + Degree; block += 2 * half, index++)
        {
            for (short* at = block; at < block + half; at += TOps.Count)
            {
                TVector a = *(TVector*)at;
                TVector b = *(TVector*)(at + half);
                *(TVector*)at = TOps.Add(a, b);
                *(TVector*)(at + half) = Multiply(TOps.Subtract(a, b), plain, index);
            }
        }
    }

    // Two layers at once, of half of the distance given and of itself.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InverseTwo(short* polynomial, int distance, short* plain)
    {
        int index = 64 / distance;
        int quarter = distance;
        for (short* block = polynomial; block < polynomial + Degree; block += 4 * quarter, index++)
        {
            for (short* at = block; at < block + quarter; at += TOps.Count)
            {
                TVector q0 = *(TVector*)at;
                TVector q1 = *(TVector*)(at + quarter);
                TVector q2 = *(TVector*)(at + (2 * quarter));
                TVector q3 = *(TVector*)(at + (3 * quarter));
                TVector a = TOps.Add(q0, q1);
                TVector b = Multiply(TOps.Subtract(q0, q1), plain, 2 * index);
                TVector c = TOps.Add(q2, q3);
                TVector d = Multiply(TOps.Subtract(q2, q3), plain, (2 * index) + 1);
                if (distance == 64)
                {
                    a = Reduce(a);
                    c = Reduce(c);
                }

                *(TVector*)at = TOps.Add(a, c);
                *(TVector*)(at + quarter) = TOps.Add(b, d);
                *(TVector*)(at + (2 * quarter)) = Multiply(TOps.Subtract(a, c), plain, index);
                *(TVector*)(at + (3 * quarter)) = Multiply(TOps.Subtract(b, d), plain, index);
            }
        }
    }
}
