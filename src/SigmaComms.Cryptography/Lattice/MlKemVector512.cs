using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>Thirty-two coefficients, for AVX-512 with byte and word instructions.</summary>
internal readonly unsafe struct MlKemVector512 : IMlKemVector<Vector512<short>>
{
    /// <inheritdoc/>
    public static int Count => 32;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> Create(short value) => Vector512.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> CreatePair(int value) => Vector512.Create(value).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> Add(Vector512<short> a, Vector512<short> b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> Subtract(Vector512<short> a, Vector512<short> b) => a - b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> And(Vector512<short> a, Vector512<short> b) => a & b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> Or(Vector512<short> a, Vector512<short> b) => a | b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> MultiplyLow(Vector512<short> a, Vector512<short> b) => a * b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> MultiplyHigh(Vector512<short> a, Vector512<short> b) => Avx512BW.MultiplyHigh(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> MultiplyRound(Vector512<short> a, Vector512<short> b) =>
        Avx512BW.MultiplyHighRoundScale(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> MinUnsigned(Vector512<short> a, Vector512<short> b) =>
        Vector512.Min(a.AsUInt16(), b.AsUInt16()).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> IsBelowUnsigned(Vector512<short> a, Vector512<short> b) =>
        Vector512.LessThan(a.AsUInt16(), b.AsUInt16()).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong HighestBits(Vector512<short> a) => Vector512.ExtractMostSignificantBits(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> ShiftRight(Vector512<short> a, int count) => a >>> count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> MultiplyPairs(Vector512<short> a, Vector512<short> b) =>
        Avx512BW.MultiplyAddAdjacent(a, b).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> AddPairs(Vector512<short> a, Vector512<short> b) =>
        (a.AsInt32() + b.AsInt32()).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> MultiplyPairsLow(Vector512<short> a, Vector512<short> b) =>
        (a.AsInt32() * b.AsInt32()).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> ShiftPairsLeft(Vector512<short> a, int count) => (a.AsUInt32() << count).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> ShiftPairsRight(Vector512<short> a, int count) => (a.AsUInt32() >>> count).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> JoinPairs(Vector512<short> a, int bit) =>
        ((a.AsUInt64() & Vector512.Create((ulong)uint.MaxValue))
            | ((a.AsUInt64() >>> 32) << bit)).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> WidenBytes(byte* bytes) =>
        Avx512F.ConvertToVector512Int32(Vector128.Load(bytes)).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split(int distance, ref Vector512<short> first, ref Vector512<short> second)
    {
        Vector512<long> a = first.AsInt64();
        Vector512<long> b = second.AsInt64();
        if (distance == 8)
        {
            first = Avx512F.Shuffle4x128(a, b, 0x44).AsInt16();
            second = Avx512F.Shuffle4x128(a, b, 0xEE).AsInt16();
        }
        else if (distance == 4)
        {
            first = Avx512F.PermuteVar8x64x2(a, Vector512.Create(0L, 1, 8, 9, 4, 5, 12, 13), b).AsInt16();
            second = Avx512F.PermuteVar8x64x2(a, Vector512.Create(2L, 3, 10, 11, 6, 7, 14, 15), b).AsInt16();
        }
        else if (distance == 2)
        {
            first = Avx512F.UnpackLow(a, b).AsInt16();
            second = Avx512F.UnpackHigh(a, b).AsInt16();
        }
        else
        {
            first = Avx512F.Shuffle(a.AsSingle(), b.AsSingle(), 0x88).AsInt16();
            second = Avx512F.Shuffle(a.AsSingle(), b.AsSingle(), 0xDD).AsInt16();
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Join(int distance, ref Vector512<short> first, ref Vector512<short> second)
    {
        Vector512<long> a = first.AsInt64();
        Vector512<long> b = second.AsInt64();
        if (distance == 8)
        {
            first = Avx512F.Shuffle4x128(a, b, 0x44).AsInt16();
            second = Avx512F.Shuffle4x128(a, b, 0xEE).AsInt16();
        }
        else if (distance == 4)
        {
            first = Avx512F.PermuteVar8x64x2(a, Vector512.Create(0L, 1, 8, 9, 4, 5, 12, 13), b).AsInt16();
            second = Avx512F.PermuteVar8x64x2(a, Vector512.Create(2L, 3, 10, 11, 6, 7, 14, 15), b).AsInt16();
        }
        else if (distance == 2)
        {
            first = Avx512F.UnpackLow(a, b).AsInt16();
            second = Avx512F.UnpackHigh(a, b).AsInt16();
        }
        else
        {
            first = Avx512F.UnpackLow(a.AsInt32(), b.AsInt32()).AsInt16();
            second = Avx512F.UnpackHigh(a.AsInt32(), b.AsInt32()).AsInt16();
        }
    }
}
