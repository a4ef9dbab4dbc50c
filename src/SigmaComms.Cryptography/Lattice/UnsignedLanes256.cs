using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>Eight lanes with AVX2.</summary>
internal readonly unsafe struct UnsignedLanes256 : IUnsignedLanes<Vector256<uint>>
{
    /// <inheritdoc/>
    public static bool IsSupported => Avx2.IsSupported;

    /// <inheritdoc/>
    public static int Count => 8;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Load(uint* from) => Vector256.Load(from);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<uint> vector, uint* to) => vector.Store(to);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Broadcast(uint value) => Vector256.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Add(Vector256<uint> left, Vector256<uint> right) => left + right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Subtract(Vector256<uint> left, Vector256<uint> right) => left - right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Min(Vector256<uint> left, Vector256<uint> right) => Avx2.Min(left, right);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Max(Vector256<uint> left, Vector256<uint> right) => Avx2.Max(left, right);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> And(Vector256<uint> left, Vector256<uint> right) => left & right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Xor(Vector256<uint> left, Vector256<uint> right) => left ^ right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> ShiftRight(Vector256<uint> vector, int bits) => vector >>> bits;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> SignMask(Vector256<uint> vector) => (vector.AsInt32() >> 31).AsUInt32();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Signs(Vector256<uint> vector) => vector.ExtractMostSignificantBits();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> MultiplyLow(Vector256<uint> left, Vector256<uint> right) =>
        Avx2.MultiplyLow(left, right);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> MultiplyHigh(Vector256<uint> left, Vector256<uint> right)
    {
        Vector256<ulong> even = Avx2.Multiply(left, right) >>> 32;
        Vector256<ulong> odd = Avx2.Multiply(Odd(left), Odd(right));
        return JoinHighHalves(even, odd);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> MultiplyHighUniform(Vector256<uint> left, Vector256<uint> right)
    {
        Vector256<ulong> even = Avx2.Multiply(left, right) >>> 32;
        Vector256<ulong> odd = Avx2.Multiply(Odd(left), right);
        return JoinHighHalves(even, odd);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyAdd(
        Vector256<uint> left, Vector256<uint> right, ref Vector256<uint> sums, ref Vector256<uint> otherSums)
    {
        sums = (sums.AsUInt64() + Avx2.Multiply(left, right)).AsUInt32();
        otherSums = (otherSums.AsUInt64() + Avx2.Multiply(Odd(left), Odd(right))).AsUInt32();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> DivideSums(
        Vector256<uint> sums, Vector256<uint> otherSums, Vector256<uint> modulus, Vector256<uint> negatedInverse)
    {
        Vector256<uint> factors = Avx2.Multiply(sums, negatedInverse).AsUInt32();
        Vector256<uint> otherFactors = Avx2.Multiply(otherSums, negatedInverse).AsUInt32();
        Vector256<ulong> even = (sums.AsUInt64() + Avx2.Multiply(factors, modulus)) >>> 32;
        Vector256<ulong> odd = otherSums.AsUInt64() + Avx2.Multiply(otherFactors, modulus);
        return JoinHighHalves(even, odd);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SwapBlocks(int blockLanes, ref Vector256<uint> first, ref Vector256<uint> second)
    {
        Vector256<uint> a = first;
        Vector256<uint> b = second;
        if (blockLanes == 4)
        {
            first = Avx2.Permute2x128(a, b, 0x20);
            second = Avx2.Permute2x128(a, b, 0x31);
        }
        else if (blockLanes == 2)
        {
            first = Avx2.UnpackLow(a.AsUInt64(), b.AsUInt64()).AsUInt32();
            second = Avx2.UnpackHigh(a.AsUInt64(), b.AsUInt64()).AsUInt32();
        }
        else
        {
            first = Avx2.Blend(a, (b.AsUInt64() << 32).AsUInt32(), 0xAA);
            second = Avx2.Blend(Odd(a), b, 0xAA);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Deinterleave(ref Vector256<uint> first, ref Vector256<uint> second)
    {
        // Even places of both in every 128-bit part, then the parts in order.
        Vector256<float> a = first.AsSingle();
        Vector256<ulong> even = Avx.Shuffle(a, second.AsSingle(), 0x88).AsUInt64();
        Vector256<ulong> odd = Avx.Shuffle(a, second.AsSingle(), 0xDD).AsUInt64();
        first = Avx2.Permute4x64(even, 0xD8).AsUInt32();
        second = Avx2.Permute4x64(odd, 0xD8).AsUInt32();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Interleave(ref Vector256<uint> first, ref Vector256<uint> second)
    {
        Vector256<uint> low = Avx2.UnpackLow(first, second);
        Vector256<uint> high = Avx2.UnpackHigh(first, second);
        first = Avx2.Permute2x128(low, high, 0x20);
        second = Avx2.Permute2x128(low, high, 0x31);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> LoadGroups(byte* from, int bits) =>
        Vector256.Create(Vector128.Load(from), Vector128.Load(from + (bits >> 1))).AsUInt32();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> ShuffleBytes(Vector256<uint> vector, Vector256<uint> table) =>
        Avx2.Shuffle(vector.AsByte(), table.AsByte()).AsUInt32();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> LoadBytes(byte* from) =>
        Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe(*(ulong*)from).AsByte()).AsUInt32();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> LowBytesOf16(uint* from) => UnsignedLanes128.LowBytesOf16(from);

    /// <summary>In every 128 bits the two first halves together, and the two second halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<ulong> First, Vector256<ulong> Second) Transpose(
        Vector256<ulong> left, Vector256<ulong> right) =>
        (Avx2.UnpackLow(left, right), Avx2.UnpackHigh(left, right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Odd(Vector256<uint> vector) => (vector.AsUInt64() >>> 32).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> JoinHighHalves(Vector256<ulong> even, Vector256<ulong> odd) =>
        Avx2.Blend(even.AsUInt32(), odd.AsUInt32(), 0xAA);
}
