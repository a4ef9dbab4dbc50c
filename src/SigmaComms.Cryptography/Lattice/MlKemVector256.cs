using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>Sixteen coefficients, for AVX2.</summary>
internal readonly unsafe struct MlKemVector256 : IMlKemVector<Vector256<short>>
{
    /// <inheritdoc/>
    public static int Count => 16;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Create(short value) => Vector256.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> CreatePair(int value) => Vector256.Create(value).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Add(Vector256<short> a, Vector256<short> b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Subtract(Vector256<short> a, Vector256<short> b) => a - b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> And(Vector256<short> a, Vector256<short> b) => a & b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Or(Vector256<short> a, Vector256<short> b) => a | b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> MultiplyLow(Vector256<short> a, Vector256<short> b) => a * b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> MultiplyHigh(Vector256<short> a, Vector256<short> b) => Avx2.MultiplyHigh(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> MultiplyRound(Vector256<short> a, Vector256<short> b) =>
        Avx2.MultiplyHighRoundScale(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> MinUnsigned(Vector256<short> a, Vector256<short> b) =>
        Vector256.Min(a.AsUInt16(), b.AsUInt16()).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> IsBelowUnsigned(Vector256<short> a, Vector256<short> b) =>
        Vector256.LessThan(a.AsUInt16(), b.AsUInt16()).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong HighestBits(Vector256<short> a) => Vector256.ExtractMostSignificantBits(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> ShiftRight(Vector256<short> a, int count) => a >>> count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> MultiplyPairs(Vector256<short> a, Vector256<short> b) =>
        Avx2.MultiplyAddAdjacent(a, b).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> AddPairs(Vector256<short> a, Vector256<short> b) =>
        (a.AsInt32() + b.AsInt32()).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> MultiplyPairsLow(Vector256<short> a, Vector256<short> b) =>
        (a.AsInt32() * b.AsInt32()).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> ShiftPairsLeft(Vector256<short> a, int count) => (a.AsUInt32() << count).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> ShiftPairsRight(Vector256<short> a, int count) => (a.AsUInt32() >>> count).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> JoinPairs(Vector256<short> a, int bit) =>
        ((a.AsUInt64() & Vector256.Create((ulong)uint.MaxValue))
            | ((a.AsUInt64() >>> 32) << bit)).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> WidenBytes(byte* bytes) =>
        Avx2.ConvertToVector256Int32(
            Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(bytes)).AsByte()).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split(int distance, ref Vector256<short> first, ref Vector256<short> second)
    {
        Vector256<long> a = first.AsInt64();
        Vector256<long> b = second.AsInt64();
        if (distance == 4)
        {
            first = Avx2.Permute2x128(a, b, 0x20).AsInt16();
            second = Avx2.Permute2x128(a, b, 0x31).AsInt16();
        }
        else if (distance == 2)
        {
            first = Avx2.UnpackLow(a, b).AsInt16();
            second = Avx2.UnpackHigh(a, b).AsInt16();
        }
        else
        {
            first = Avx.Shuffle(a.AsSingle(), b.AsSingle(), 0x88).AsInt16();
            second = Avx.Shuffle(a.AsSingle(), b.AsSingle(), 0xDD).AsInt16();
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Join(int distance, ref Vector256<short> first, ref Vector256<short> second)
    {
        Vector256<long> a = first.AsInt64();
        Vector256<long> b = second.AsInt64();
        if (distance == 4)
        {
            first = Avx2.Permute2x128(a, b, 0x20).AsInt16();
            second = Avx2.Permute2x128(a, b, 0x31).AsInt16();
        }
        else if (distance == 2)
        {
            first = Avx2.UnpackLow(a, b).AsInt16();
            second = Avx2.UnpackHigh(a, b).AsInt16();
        }
        else
        {
            first = Avx2.UnpackLow(a.AsInt32(), b.AsInt32()).AsInt16();
            second = Avx2.UnpackHigh(a.AsInt32(), b.AsInt32()).AsInt16();
        }
    }
}
