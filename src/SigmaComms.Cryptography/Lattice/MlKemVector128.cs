using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>Eight coefficients: any x86 with SSSE3, and Arm.</summary>
internal readonly unsafe struct MlKemVector128 : IMlKemVector<Vector128<short>>
{
    /// <inheritdoc/>
    public static int Count => 8;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Create(short value) => Vector128.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> CreatePair(int value) => Vector128.Create(value).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Add(Vector128<short> a, Vector128<short> b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Subtract(Vector128<short> a, Vector128<short> b) => a - b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> And(Vector128<short> a, Vector128<short> b) => a & b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Or(Vector128<short> a, Vector128<short> b) => a | b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> MultiplyLow(Vector128<short> a, Vector128<short> b) => a * b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> MultiplyHigh(Vector128<short> a, Vector128<short> b) =>
        Sse2.IsSupported ? Sse2.MultiplyHigh(a, b) : MultiplyWide(a, b, 0, 16);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> MultiplyRound(Vector128<short> a, Vector128<short> b) =>
        Ssse3.IsSupported ? Ssse3.MultiplyHighRoundScale(a, b) : MultiplyWide(a, b, 1 << 14, 15);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> MinUnsigned(Vector128<short> a, Vector128<short> b) =>
        Vector128.Min(a.AsUInt16(), b.AsUInt16()).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> IsBelowUnsigned(Vector128<short> a, Vector128<short> b) =>
        Vector128.LessThan(a.AsUInt16(), b.AsUInt16()).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong HighestBits(Vector128<short> a) => Vector128.ExtractMostSignificantBits(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> ShiftRight(Vector128<short> a, int count) => a >>> count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> MultiplyPairs(Vector128<short> a, Vector128<short> b) =>
        Sse2.IsSupported ? Sse2.MultiplyAddAdjacent(a, b).AsInt16() : MultiplyPairsWide(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> AddPairs(Vector128<short> a, Vector128<short> b) =>
        (a.AsInt32() + b.AsInt32()).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> MultiplyPairsLow(Vector128<short> a, Vector128<short> b) =>
        (a.AsInt32() * b.AsInt32()).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> ShiftPairsLeft(Vector128<short> a, int count) => (a.AsUInt32() << count).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> ShiftPairsRight(Vector128<short> a, int count) => (a.AsUInt32() >>> count).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> JoinPairs(Vector128<short> a, int bit) =>
        ((a.AsUInt64() & Vector128.Create((ulong)uint.MaxValue))
            | ((a.AsUInt64() >>> 32) << bit)).AsInt16();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> WidenBytes(byte* bytes) 
    {
        Vector128<byte> four = Vector128.CreateScalar(Unsafe.ReadUnaligned<uint>(bytes)).AsByte();
        return Vector128.WidenLower(Vector128.WidenLower(four)).AsInt16();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split(int distance, ref Vector128<short> first, ref Vector128<short> second)
    {
        Vector128<long> a = first.AsInt64();
        Vector128<long> b = second.AsInt64();
        if (distance == 2)
        {
            first = Sse2.IsSupported ? Sse2.UnpackLow(a, b).AsInt16() : AdvSimd.Arm64.ZipLow(a, b).AsInt16();
            second = Sse2.IsSupported ? Sse2.UnpackHigh(a, b).AsInt16() : AdvSimd.Arm64.ZipHigh(a, b).AsInt16();
        }
        else
        {
            first = Sse.IsSupported
                ? Sse.Shuffle(a.AsSingle(), b.AsSingle(), 0x88).AsInt16()
                : AdvSimd.Arm64.UnzipEven(a.AsInt32(), b.AsInt32()).AsInt16();
            second = Sse.IsSupported
                ? Sse.Shuffle(a.AsSingle(), b.AsSingle(), 0xDD).AsInt16()
                : AdvSimd.Arm64.UnzipOdd(a.AsInt32(), b.AsInt32()).AsInt16();
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Join(int distance, ref Vector128<short> first, ref Vector128<short> second)
    {
        Vector128<long> a = first.AsInt64();
        Vector128<long> b = second.AsInt64();
        if (distance == 2)
        {
            first = Sse2.IsSupported ? Sse2.UnpackLow(a, b).AsInt16() : AdvSimd.Arm64.ZipLow(a, b).AsInt16();
            second = Sse2.IsSupported ? Sse2.UnpackHigh(a, b).AsInt16() : AdvSimd.Arm64.ZipHigh(a, b).AsInt16();
        }
        else
        {
            first = Sse2.IsSupported
                ? Sse2.UnpackLow(a.AsInt32(), b.AsInt32()).AsInt16()
                : AdvSimd.Arm64.ZipLow(a.AsInt32(), b.AsInt32()).AsInt16();
            second = Sse2.IsSupported
                ? Sse2.UnpackHigh(a.AsInt32(), b.AsInt32()).AsInt16()
                : AdvSimd.Arm64.ZipHigh(a.AsInt32(), b.AsInt32()).AsInt16();
        }
    }

    // For machines without the instruction.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> MultiplyWide(Vector128<short> a, Vector128<short> b, int rounding, int shift)
    {
        (Vector128<int> aLow, Vector128<int> aHigh) = Vector128.Widen(a);
        (Vector128<int> bLow, Vector128<int> bHigh) = Vector128.Widen(b);
        Vector128<int> add = Vector128.Create(rounding);
        return Vector128.Narrow(((aLow * bLow) + add) >> shift, ((aHigh * bHigh) + add) >> shift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> MultiplyPairsWide(Vector128<short> a, Vector128<short> b)
    {
        Vector128<int> even = ((a.AsInt32() << 16) >> 16) * ((b.AsInt32() << 16) >> 16);
        return (even + ((a.AsInt32() >> 16) * (b.AsInt32() >> 16))).AsInt16();
    }
}
