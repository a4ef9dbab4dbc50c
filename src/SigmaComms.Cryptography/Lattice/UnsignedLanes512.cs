using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>Sixteen lanes with AVX-512.</summary>
internal readonly unsafe struct UnsignedLanes512 : IUnsignedLanes<Vector512<uint>>
{
    /// <inheritdoc/>
    public static bool IsSupported =>
        Vector512.IsHardwareAccelerated && Avx512BW.IsSupported && Avx512F.IsSupported;

    /// <inheritdoc/>
    public static int Count => 16;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Load(uint* from) => Vector512.Load(from);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<uint> vector, uint* to) => vector.Store(to);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Broadcast(uint value) => Vector512.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Add(Vector512<uint> left, Vector512<uint> right) => left + right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Subtract(Vector512<uint> left, Vector512<uint> right) => left - right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Min(Vector512<uint> left, Vector512<uint> right) => Avx512F.Min(left, right);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Max(Vector512<uint> left, Vector512<uint> right) => Avx512F.Max(left, right);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> And(Vector512<uint> left, Vector512<uint> right) => left & right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Xor(Vector512<uint> left, Vector512<uint> right) => left ^ right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> ShiftRight(Vector512<uint> vector, int bits) => vector >>> bits;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> SignMask(Vector512<uint> vector) => (vector.AsInt32() >> 31).AsUInt32();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Signs(Vector512<uint> vector) => (uint)vector.ExtractMostSignificantBits();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> MultiplyLow(Vector512<uint> left, Vector512<uint> right) =>
        Avx512F.MultiplyLow(left, right);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> MultiplyHigh(Vector512<uint> left, Vector512<uint> right)
    {
        Vector512<ulong> even = Avx512F.Multiply(left, right) >>> 32;
        Vector512<ulong> odd = Avx512F.Multiply(Odd(left), Odd(right));
        return JoinHighHalves(even, odd);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> MultiplyHighUniform(Vector512<uint> left, Vector512<uint> right)
    {
        Vector512<ulong> even = Avx512F.Multiply(left, right) >>> 32;
        Vector512<ulong> odd = Avx512F.Multiply(Odd(left), right);
        return JoinHighHalves(even, odd);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyAdd(
        Vector512<uint> left, Vector512<uint> right, ref Vector512<uint> sums, ref Vector512<uint> otherSums)
    {
        sums = (sums.AsUInt64() + Avx512F.Multiply(left, right)).AsUInt32();
        otherSums = (otherSums.AsUInt64() + Avx512F.Multiply(Odd(left), Odd(right))).AsUInt32();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> DivideSums(
        Vector512<uint> sums, Vector512<uint> otherSums, Vector512<uint> modulus, Vector512<uint> negatedInverse)
    {
        Vector512<uint> factors = Avx512F.Multiply(sums, negatedInverse).AsUInt32();
        Vector512<uint> otherFactors = Avx512F.Multiply(otherSums, negatedInverse).AsUInt32();
        Vector512<ulong> even = (sums.AsUInt64() + Avx512F.Multiply(factors, modulus)) >>> 32;
        Vector512<ulong> odd = otherSums.AsUInt64() + Avx512F.Multiply(otherFactors, modulus);
        return JoinHighHalves(even, odd);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SwapBlocks(int blockLanes, ref Vector512<uint> first, ref Vector512<uint> second)
    {
        Vector512<uint> a = first;
        Vector512<uint> b = second;
        if (blockLanes == 8)
        {
            first = Avx512F.Shuffle4x128(a, b, 0x44);
            second = Avx512F.Shuffle4x128(a, b, 0xEE);
        }
        else if (blockLanes == 4)
        {
            Vector512<ulong> low = Vector512.Create(0UL, 1, 8, 9, 4, 5, 12, 13);
            Vector512<ulong> high = Vector512.Create(2UL, 3, 10, 11, 6, 7, 14, 15);
            first = Avx512F.PermuteVar8x64x2(a.AsUInt64(), low, b.AsUInt64()).AsUInt32();
            second = Avx512F.PermuteVar8x64x2(a.AsUInt64(), high, b.AsUInt64()).AsUInt32();
        }
        else if (blockLanes == 2)
        {
            first = Avx512F.UnpackLow(a.AsUInt64(), b.AsUInt64()).AsUInt32();
            second = Avx512F.UnpackHigh(a.AsUInt64(), b.AsUInt64()).AsUInt32();
        }
        else
        {
            Vector512<uint> odd = Vector512.Create(0xFFFFFFFF00000000UL).AsUInt32();
            first = Vector512.ConditionalSelect(odd, (b.AsUInt64() << 32).AsUInt32(), a);
            second = Vector512.ConditionalSelect(odd, b, Odd(a));
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Deinterleave(ref Vector512<uint> first, ref Vector512<uint> second)
    {
        Vector512<uint> even = Vector512.Create(0u, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
        Vector512<uint> a = first;
        first = Avx512F.PermuteVar16x32x2(a, even, second);
        second = Avx512F.PermuteVar16x32x2(a, even + Vector512<uint>.One, second);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Interleave(ref Vector512<uint> first, ref Vector512<uint> second)
    {
        Vector512<uint> low = Vector512.Create(0u, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        Vector512<uint> high = Vector512.Create(8u, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        Vector512<uint> a = first;
        first = Avx512F.PermuteVar16x32x2(a, low, second);
        second = Avx512F.PermuteVar16x32x2(a, high, second);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> LoadGroups(byte* from, int bits)
    {
        byte* middle = from + bits;
        return Vector512.Create(
            Vector256.Create(Vector128.Load(from), Vector128.Load(from + (bits >> 1))),
            Vector256.Create(Vector128.Load(middle), Vector128.Load(middle + (bits >> 1)))).AsUInt32();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> ShuffleBytes(Vector512<uint> vector, Vector512<uint> table) =>
        Avx512BW.Shuffle(vector.AsByte(), table.AsByte()).AsUInt32();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> LoadBytes(byte* from) =>
        Avx512F.ConvertToVector512UInt32(Vector128.Load(from));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> LowBytesOf16(uint* from) => Avx512F.ConvertToVector128Byte(Vector512.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Odd(Vector512<uint> vector) => (vector.AsUInt64() >>> 32).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> JoinHighHalves(Vector512<ulong> even, Vector512<ulong> odd) =>
        Vector512.ConditionalSelect(Vector512.Create(0xFFFFFFFF00000000UL), odd, even).AsUInt32();
}
