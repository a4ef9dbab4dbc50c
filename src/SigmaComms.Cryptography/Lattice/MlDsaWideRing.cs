using System.Runtime.CompilerServices;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>The transform and the product of <see cref="MlDsaRing"/>, many coefficients at a time.</summary>
/// <remarks>
/// The same steps in the same order on the same representatives, so the same bounds hold; the product alone is divided
/// by 2^32, for which the inverse transform makes up. Nothing here branches or indexes on a coefficient.
/// </remarks>
/// <typeparam name="TVector">The vector.</typeparam>
/// <typeparam name="TLanes">Its operations.</typeparam>
/// <standard>FIPS 204, section 7.5, algorithms 41 to 48.</standard>
internal static unsafe class MlDsaWideRing<TVector, TLanes>
    where TVector : struct
    where TLanes : struct, IUnsignedLanes<TVector>
{
    private const int Degree = MlDsaRing.Degree;
    private const uint Modulus = MlDsaRing.Modulus;

    // As in MlDsaRing: differences stay positive with it.
    private const uint Offset = 128 * Modulus;

    // 2^32 / 256 mod q and its quotient.
    private const uint Scale = (uint)((1UL << 24) % Modulus);
    private const uint ScaleQuotient = (uint)(((ulong)Scale << 32) / Modulus);

    // -1 / q mod 2^32.
    private const uint NegatedInverse = 4_236_238_847;

    /// <summary>Forward transform in place: canonical in, lazy out.</summary>
    /// <param name="polynomial">256 coefficients.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transform(uint* polynomial)
    {
        TVector modulus = TLanes.Broadcast(Modulus);
        for (int quarter = Degree / 4; quarter >= TLanes.Count; quarter >>= 2)
        {
            int blocks = Degree / 4 / quarter;
            for (int block = 0; block < blocks; block++)
            {
                TransformBlock(polynomial + (4 * quarter * block), quarter, blocks + block, modulus);
            }
        }

        uint* factors = MlDsaWideTables<TVector, TLanes>.Forward;
        for (uint* end = polynomial + Degree; polynomial < end; polynomial += 2 * TLanes.Count)
        {
            TVector a = TLanes.Load(polynomial);
            TVector b = TLanes.Load(polynomial + TLanes.Count);
            TransformPair(factors, modulus, ref a, ref b);
            TLanes.Interleave(ref a, ref b);
            TLanes.Store(a, polynomial);
            TLanes.Store(b, polynomial + TLanes.Count);
            factors += MlDsaWideTables<TVector, TLanes>.PairSize;
        }
    }

    /// <summary>
    /// Inverse transform in place, times 2^32, which makes up for <see cref="MultiplyRow"/>: canonical in and out.
    /// </summary>
    /// <param name="polynomial">256 coefficients.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TransformBack(uint* polynomial)
    {
        TVector modulus = TLanes.Broadcast(Modulus);
        TVector offset = TLanes.Broadcast(Offset);
        uint* factors = MlDsaWideTables<TVector, TLanes>.Back;
        for (int at = 0; at < Degree; at += 2 * TLanes.Count)
        {
            TVector a = TLanes.Load(polynomial + at);
            TVector b = TLanes.Load(polynomial + at + TLanes.Count);
            TLanes.Deinterleave(ref a, ref b);
            TransformPairBack(factors, modulus, offset, ref a, ref b);
            TLanes.Store(a, polynomial + at);
            TLanes.Store(b, polynomial + at + TLanes.Count);
            factors += MlDsaWideTables<TVector, TLanes>.PairSize;
        }

        for (int quarter = TLanes.Count == 4 ? 4 : 16; quarter < Degree / 4; quarter <<= 2)
        {
            int blocks = Degree / 4 / quarter;
            for (int block = 0; block < blocks; block++)
            {
                int index = (2 * blocks) - 1 - block;
                TransformBlockBack(polynomial + (4 * quarter * block), quarter, index, modulus, offset);
            }
        }

        TransformBlockBack(polynomial, Degree / 4, 1, modulus, offset);
        TVector scale = TLanes.Broadcast(Scale);
        TVector quotient = TLanes.Broadcast(ScaleQuotient);
        for (int at = 0; at < Degree; at += TLanes.Count)
        {
            TVector scaled = MultiplyUniform(TLanes.Load(polynomial + at), scale, quotient, modulus);
            TLanes.Store(ReduceOnce(scaled, modulus), polynomial + at);
        }
    }

    /// <summary>
    /// One row of a matrix times a vector, coefficient by coefficient, divided by 2^32 modulo q; canonical.
    /// </summary>
    /// <param name="row">Canonical polynomials, transformed.</param>
    /// <param name="vector">As many lazy polynomials, transformed.</param>
    /// <param name="count">How many, at most 8, so that a sum stays below 160 q^2 and the quotient below 2 q.</param>
    /// <param name="product">Receives one polynomial.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyRow(uint* row, uint* vector, int count, uint* product)
    {
        TVector modulus = TLanes.Broadcast(Modulus);
        TVector negatedInverse = TLanes.Broadcast(NegatedInverse);
        for (int at = 0; at < Degree; at += TLanes.Count)
        {
            TVector sums = TLanes.Broadcast(0);
            TVector otherSums = sums;
            for (int i = at; i < count * Degree; i += Degree)
            {
                TLanes.MultiplyAdd(TLanes.Load(row + i), TLanes.Load(vector + i), ref sums, ref otherSums);
            }

            TVector divided = TLanes.DivideSums(sums, otherSums, modulus, negatedInverse);
            TLanes.Store(ReduceOnce(divided, modulus), product + at);
        }
    }

    /// <summary>Makes lazy coefficients canonical.</summary>
    /// <param name="polynomial">256 coefficients.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ReduceAll(uint* polynomial)
    {
        TVector modulus = TLanes.Broadcast(Modulus);
        for (int at = 0; at < Degree; at += TLanes.Count)
        {
            TVector value = TLanes.Load(polynomial + at);
            TVector multiple = TLanes.MultiplyLow(TLanes.ShiftRight(value, 23), modulus);
            TLanes.Store(ReduceOnce(TLanes.Subtract(value, multiple), modulus), polynomial + at);
        }
    }

    /// <summary>Values below 2 q to canonical: a difference that fell below zero is the larger of the two.</summary>
    /// <param name="value">Values below 2 q.</param>
    /// <param name="modulus">q in every lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ReduceOnce(TVector value, TVector modulus) =>
        TLanes.Min(value, TLanes.Subtract(value, modulus));

    // As MlDsaRing.MultiplyConstant.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Multiply(TVector value, TVector factor, TVector quotient, TVector modulus)
    {
        TVector multiple = TLanes.MultiplyHigh(value, quotient);
        return TLanes.Subtract(TLanes.MultiplyLow(value, factor), TLanes.MultiplyLow(multiple, modulus));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector MultiplyUniform(TVector value, TVector factor, TVector quotient, TVector modulus)
    {
        TVector multiple = TLanes.MultiplyHighUniform(value, quotient);
        return TLanes.Subtract(TLanes.MultiplyLow(value, factor), TLanes.MultiplyLow(multiple, modulus));
    }

    // Two layers on one block of four quarters; index is that of the first layer's factor.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransformBlock(uint* block, int quarter, int index, TVector modulus)
    {
        TVector twice = TLanes.Add(modulus, modulus);
        TVector zeta1 = Zeta(index), quotient1 = Quotient(index);
        TVector zeta2 = Zeta(2 * index), quotient2 = Quotient(2 * index);
        TVector zeta3 = Zeta((2 * index) + 1), quotient3 = Quotient((2 * index) + 1);
        for (uint* end = block + quarter; block < end; block += TLanes.Count)
        {
            TVector first = TLanes.Load(block);
            TVector second = TLanes.Load(block + quarter);
            TVector turned2 = MultiplyUniform(TLanes.Load(block + (2 * quarter)), zeta1, quotient1, modulus);
            TVector turned3 = MultiplyUniform(TLanes.Load(block + (3 * quarter)), zeta1, quotient1, modulus);
            TVector a = TLanes.Add(first, turned2);
            TVector b = MultiplyUniform(TLanes.Add(second, turned3), zeta2, quotient2, modulus);
            TVector c = TLanes.Subtract(TLanes.Add(first, twice), turned2);
            TVector d = TLanes.Subtract(TLanes.Add(second, twice), turned3);
            d = MultiplyUniform(d, zeta3, quotient3, modulus);
            TLanes.Store(TLanes.Add(a, b), block);
            TLanes.Store(TLanes.Subtract(TLanes.Add(a, twice), b), block + quarter);
            TLanes.Store(TLanes.Add(c, d), block + (2 * quarter));
            TLanes.Store(TLanes.Subtract(TLanes.Add(c, twice), d), block + (3 * quarter));
        }
    }

    // The same two layers undone.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransformBlockBack(uint* block, int quarter, int index, TVector modulus, TVector offset)
    {
        TVector zeta1 = Zeta(index), quotient1 = Quotient(index);
        TVector zeta2 = Zeta(2 * index), quotient2 = Quotient(2 * index);
        TVector zeta3 = Zeta((2 * index) + 1), quotient3 = Quotient((2 * index) + 1);
        for (uint* end = block + quarter; block < end; block += TLanes.Count)
        {
            TVector v0 = TLanes.Load(block);
            TVector v1 = TLanes.Load(block + quarter);
            TVector v2 = TLanes.Load(block + (2 * quarter));
            TVector v3 = TLanes.Load(block + (3 * quarter));
            TVector a = TLanes.Add(v0, v1);
            TVector b = TLanes.Subtract(TLanes.Add(v1, offset), v0);
            b = MultiplyUniform(b, zeta3, quotient3, modulus);
            TVector c = TLanes.Add(v2, v3);
            TVector d = TLanes.Subtract(TLanes.Add(v3, offset), v2);
            d = MultiplyUniform(d, zeta2, quotient2, modulus);
            TLanes.Store(TLanes.Add(a, c), block);
            TLanes.Store(TLanes.Add(b, d), block + quarter);
            c = TLanes.Subtract(TLanes.Add(c, offset), a);
            d = TLanes.Subtract(TLanes.Add(d, offset), b);
            TLanes.Store(MultiplyUniform(c, zeta1, quotient1, modulus), block + (2 * quarter));
            TLanes.Store(MultiplyUniform(d, zeta1, quotient1, modulus), block + (3 * quarter));
        }
    }

    // The last layers, whose partners are in two neighbouring vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransformPair(uint* factors, TVector modulus, ref TVector a, ref TVector b)
    {
        if (TLanes.Count >= 8)
        {
            if (TLanes.Count == 16)
            {
                TLanes.SwapBlocks(8, ref a, ref b);
            }

            Butterfly(factors, modulus, ref a, ref b);
            TLanes.SwapBlocks(4, ref a, ref b);
            Butterfly(factors + (2 * TLanes.Count), modulus, ref a, ref b);
            factors += 4 * TLanes.Count;
        }

        TLanes.SwapBlocks(2, ref a, ref b);
        Butterfly(factors, modulus, ref a, ref b);
        TLanes.SwapBlocks(1, ref a, ref b);
        Butterfly(factors + (2 * TLanes.Count), modulus, ref a, ref b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransformPairBack(
        uint* factors, TVector modulus, TVector offset, ref TVector a, ref TVector b)
    {
        ButterflyBack(factors, modulus, offset, ref a, ref b);
        TLanes.SwapBlocks(1, ref a, ref b);
        ButterflyBack(factors + (2 * TLanes.Count), modulus, offset, ref a, ref b);
        TLanes.SwapBlocks(2, ref a, ref b);
        if (TLanes.Count >= 8)
        {
            factors += 4 * TLanes.Count;
            ButterflyBack(factors, modulus, offset, ref a, ref b);
            TLanes.SwapBlocks(4, ref a, ref b);
            ButterflyBack(factors + (2 * TLanes.Count), modulus, offset, ref a, ref b);
            if (TLanes.Count == 16)
            {
                TLanes.SwapBlocks(8, ref a, ref b);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Butterfly(uint* factors, TVector modulus, ref TVector a, ref TVector b)
    {
        TVector turned = Multiply(b, TLanes.Load(factors), TLanes.Load(factors + TLanes.Count), modulus);
        b = TLanes.Subtract(TLanes.Add(a, TLanes.Add(modulus, modulus)), turned);
        a = TLanes.Add(a, turned);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ButterflyBack(uint* factors, TVector modulus, TVector offset, ref TVector a, ref TVector b)
    {
        TVector difference = TLanes.Subtract(TLanes.Add(b, offset), a);
        a = TLanes.Add(a, b);
        b = Multiply(difference, TLanes.Load(factors), TLanes.Load(factors + TLanes.Count), modulus);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Zeta(int index) => TLanes.Broadcast(MlDsaZetas.Zetas[index]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Quotient(int index) => TLanes.Broadcast(MlDsaZetas.ZetaQuotients[index]);
}
