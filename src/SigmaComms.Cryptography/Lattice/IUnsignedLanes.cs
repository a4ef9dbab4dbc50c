using System.Runtime.Intrinsics;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>What a vector of 32-bit lanes can do, so that one text serves every vector size.</summary>
/// <remarks>No operation's time depends on the values in the lanes.</remarks>
/// <typeparam name="TVector">The vector: 128, 256 or 512 bits of unsigned 32-bit lanes.</typeparam>
internal unsafe interface IUnsignedLanes<TVector>
    where TVector : struct
{
    /// <summary>Whether this machine has such vectors.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>How many lanes: 4, 8 or 16.</summary>
    static abstract int Count { get; }

    /// <summary>Reads as many values as there are lanes.</summary>
    static abstract TVector Load(uint* from);

    /// <summary>Writes as many values as there are lanes.</summary>
    static abstract void Store(TVector vector, uint* to);

    /// <summary>One value in every lane.</summary>
    static abstract TVector Broadcast(uint value);

    /// <summary>Sum modulo 2^32.</summary>
    static abstract TVector Add(TVector left, TVector right);

    /// <summary>Difference modulo 2^32.</summary>
    static abstract TVector Subtract(TVector left, TVector right);

    /// <summary>The smaller, as unsigned numbers.</summary>
    static abstract TVector Min(TVector left, TVector right);

    /// <summary>The larger, as unsigned numbers.</summary>
    static abstract TVector Max(TVector left, TVector right);

    /// <summary>Bits that both have.</summary>
    static abstract TVector And(TVector left, TVector right);

    /// <summary>Bits that one of them has.</summary>
    static abstract TVector Xor(TVector left, TVector right);

    /// <summary>Each lane shifted right, zeros from the left.</summary>
    static abstract TVector ShiftRight(TVector vector, int bits);

    /// <summary>All ones where the lane's top bit is set, else zero.</summary>
    static abstract TVector SignMask(TVector vector);

    /// <summary>The top bit of every lane, lane 0 lowest.</summary>
    static abstract uint Signs(TVector vector);

    /// <summary>Low 32 bits of each product.</summary>
    static abstract TVector MultiplyLow(TVector left, TVector right);

    /// <summary>High 32 bits of each unsigned product.</summary>
    static abstract TVector MultiplyHigh(TVector left, TVector right);

    /// <summary>As <see cref="MultiplyHigh"/> for a right factor with the same value in every lane.</summary>
    static abstract TVector MultiplyHighUniform(TVector left, TVector right);

    /// <summary>Adds 64-bit products to two vectors of sums; which lane goes where is not said.</summary>
    static abstract void MultiplyAdd(TVector left, TVector right, ref TVector sums, ref TVector otherSums);

    /// <summary>
    /// Sums of <see cref="MultiplyAdd"/> divided by 2^32 modulo the modulus, in the lanes' order; at most the sum
    /// / 2^32 + modulus.
    /// </summary>
    /// <param name="sums">First sums.</param>
    /// <param name="otherSums">Second sums.</param>
    /// <param name="modulus">The modulus in every lane.</param>
    /// <param name="negatedInverse">-1 / modulus modulo 2^32 in every lane.</param>
    static abstract TVector DivideSums(TVector sums, TVector otherSums, TVector modulus, TVector negatedInverse);

    /// <summary>
    /// Swaps the odd blocks of the first vector with the even blocks of the second; a block has 1, 2, 4 or 8 lanes.
    /// Doing it twice changes nothing.
    /// </summary>
    static abstract void SwapBlocks(int blockLanes, ref TVector first, ref TVector second);

    /// <summary>
    /// Parts two vectors of neighbours into those at even and those at odd places: what swapping blocks of half the
    /// lanes, then of a quarter, and so on to 1 would do.
    /// </summary>
    static abstract void Deinterleave(ref TVector first, ref TVector second);

    /// <summary>Undoes <see cref="Deinterleave"/>.</summary>
    static abstract void Interleave(ref TVector first, ref TVector second);

    /// <summary>
    /// For every four lanes 16 bytes, from where four packed coefficients of so many bits begin; the first at the
    /// pointer, the next (bits / 2) bytes on, rounded down.
    /// </summary>
    static abstract TVector LoadGroups(byte* from, int bits);

    /// <summary>Bytes of every 16 in the order of the table, whose entries are below 16.</summary>
    static abstract TVector ShuffleBytes(TVector vector, TVector table);

    /// <summary>As many bytes as there are lanes, each in its lane; at least 8 are read.</summary>
    static abstract TVector LoadBytes(byte* from);

    /// <summary>The low bytes of 16 values.</summary>
    static abstract Vector128<byte> LowBytesOf16(uint* from);
}
