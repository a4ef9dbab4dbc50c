namespace SigmaComms.Cryptography.Lattice;

/// <summary>
/// A vector of 16-bit coefficients and the operations that ML-KEM's arithmetic needs. Two neighbours, one pair of the
/// product's factors, share a 32-bit place; "distance" counts pairs.
/// </summary>
/// <typeparam name="TVector">The vector.</typeparam>
internal unsafe interface IMlKemVector<TVector>
    where TVector : unmanaged
{
    /// <summary>Coefficients of a vector.</summary>
    static abstract int Count { get; }

    /// <summary>The same value in every place.</summary>
    static abstract TVector Create(short value);

    /// <summary>The same value in every 32-bit place.</summary>
    static abstract TVector CreatePair(int value);

    /// <summary>a + b modulo 2^16.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>a - b modulo 2^16.</summary>
    static abstract TVector Subtract(TVector a, TVector b);

    /// <summary>a and b.</summary>
    static abstract TVector And(TVector a, TVector b);

    /// <summary>a or b.</summary>
    static abstract TVector Or(TVector a, TVector b);

    /// <summary>a b modulo 2^16.</summary>
    static abstract TVector MultiplyLow(TVector a, TVector b);

    /// <summary>floor(a b / 2^16), signed.</summary>
    static abstract TVector MultiplyHigh(TVector a, TVector b);

    /// <summary>floor((a b + 2^14) / 2^15), signed.</summary>
    static abstract TVector MultiplyRound(TVector a, TVector b);

    /// <summary>The smaller, unsigned.</summary>
    static abstract TVector MinUnsigned(TVector a, TVector b);

    /// <summary>All ones where a is below b, unsigned.</summary>
    static abstract TVector IsBelowUnsigned(TVector a, TVector b);

    /// <summary>The highest bit of each coefficient.</summary>
    static abstract ulong HighestBits(TVector a);

    /// <summary>Each coefficient shifted down, zeros from above.</summary>
    static abstract TVector ShiftRight(TVector a, int count);

    /// <summary>For each pair a0 b0 + a1 b1 in 32 bits.</summary>
    static abstract TVector MultiplyPairs(TVector a, TVector b);

    /// <summary>a + b in 32 bits.</summary>
    static abstract TVector AddPairs(TVector a, TVector b);

    /// <summary>a b modulo 2^32.</summary>
    static abstract TVector MultiplyPairsLow(TVector a, TVector b);

    /// <summary>32-bit places shifted up.</summary>
    static abstract TVector ShiftPairsLeft(TVector a, int count);

    /// <summary>32-bit places shifted down, zeros from above.</summary>
    static abstract TVector ShiftPairsRight(TVector a, int count);

    /// <summary>In each 64 bits: the low 32-bit place, and the high one moved to start at the given bit.</summary>
    static abstract TVector JoinPairs(TVector a, int bit);

    /// <summary>Bytes, as many as there are pairs, each in its 32-bit place.</summary>
    static abstract TVector WidenBytes(byte* bytes);

    /// <summary>
    /// Exchanges blocks of so many pairs: first gets the even blocks of both, second the odd ones. Below the number of
    /// pairs in a vector.
    /// </summary>
    static abstract void Split(int distance, ref TVector first, ref TVector second);

    /// <summary>Undoes <see cref="Split"/>.</summary>
    static abstract void Join(int distance, ref TVector first, ref TVector second);
}
