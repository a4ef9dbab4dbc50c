using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>Four lanes with SSE or, on Arm (never run by our tests), with AdvSimd.</summary>
internal readonly unsafe struct UnsignedLanes128 : IUnsignedLanes<Vector128<uint>>
{
    /// <inheritdoc/>
    public static bool IsSupported =>
        Vector128.IsHardwareAccelerated && (Ssse3.IsSupported || AdvSimd.Arm64.IsSupported);

    /// <inheritdoc/>
    public static int Count => 4;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Load(uint* from) => Vector128.Load(from);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<uint> vector, uint* to) => vector.Store(to);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Broadcast(uint value) => Vector128.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Add(Vector128<uint> left, Vector128<uint> right) => left + right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Subtract(Vector128<uint> left, Vector128<uint> right) => left - right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Min(Vector128<uint> left, Vector128<uint> right) => Vector128.Min(left, right);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Max(Vector128<uint> left, Vector128<uint> right) => Vector128.Max(left, right);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> And(Vector128<uint> left, Vector128<uint> right) => left & right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Xor(Vector128<uint> left, Vector128<uint> right) => left ^ right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> ShiftRight(Vector128<uint> vector, int bits) => vector >>> bits;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> SignMask(Vector128<uint> vector) => (vector.AsInt32() >> 31).AsUInt32();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Signs(Vector128<uint> vector) => vector.ExtractMostSignificantBits();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> MultiplyLow(Vector128<uint> left, Vector128<uint> right) => left * right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> MultiplyHigh(Vector128<uint> left, Vector128<uint> right)
    {
        (Vector128<ulong> some, Vector128<ulong> others) = Products(left, right);
        return JoinHighHalves(some, others);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> MultiplyHighUniform(Vector128<uint> left, Vector128<uint> right) =>
        MultiplyHigh(left, right);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyAdd(
        Vector128<uint> left, Vector128<uint> right, ref Vector128<uint> sums, ref Vector128<uint> otherSums)
    {
        (Vector128<ulong> some, Vector128<ulong> others) = Products(left, right);
        sums = (sums.AsUInt64() + some).AsUInt32();
        otherSums = (otherSums.AsUInt64() + others).AsUInt32();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> DivideSums(
        Vector128<uint> sums, Vector128<uint> otherSums, Vector128<uint> modulus, Vector128<uint> negatedInverse)
    {
        Vector128<uint> factors = sums * negatedInverse;
        Vector128<uint> otherFactors = otherSums * negatedInverse;
        return JoinHighHalves(
            sums.AsUInt64() + LowProducts(factors, modulus), otherSums.AsUInt64() + LowProducts(otherFactors, modulus));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SwapBlocks(int blockLanes, ref Vector128<uint> first, ref Vector128<uint> second)
    {
        Vector128<uint> a = first;
        Vector128<uint> b = second;
        if (blockLanes == 2)
        {
            first = Vector128.Create(a.GetLower(), b.GetLower());
            second = Vector128.Create(a.GetUpper(), b.GetUpper());
        }
        else
        {
            Vector128<uint> odd = Vector128.Create(0xFFFFFFFF00000000UL).AsUInt32();
            first = Vector128.ConditionalSelect(odd, (b.AsUInt64() << 32).AsUInt32(), a);
            second = Vector128.ConditionalSelect(odd, b, Odd(a));
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Deinterleave(ref Vector128<uint> first, ref Vector128<uint> second)
    {
        Vector128<uint> a = Vector128.Shuffle(first, Vector128.Create(0u, 2, 1, 3));
        Vector128<uint> b = Vector128.Shuffle(second, Vector128.Create(0u, 2, 1, 3));
        first = Vector128.Create(a.GetLower(), b.GetLower());
        second = Vector128.Create(a.GetUpper(), b.GetUpper());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Interleave(ref Vector128<uint> first, ref Vector128<uint> second)
    {
        Vector128<uint> low = Vector128.Create(first.GetLower(), second.GetLower());
        Vector128<uint> high = Vector128.Create(first.GetUpper(), second.GetUpper());
        first = Vector128.Shuffle(low, Vector128.Create(0u, 2, 1, 3));
        second = Vector128.Shuffle(high, Vector128.Create(0u, 2, 1, 3));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> LoadGroups(byte* from, int bits) => Vector128.Load(from).AsUInt32();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> ShuffleBytes(Vector128<uint> vector, Vector128<uint> table) =>
        Vector128.ShuffleNative(vector.AsByte(), table.AsByte()).AsUInt32();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> LoadBytes(byte* from) =>
        Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)from).AsByte()));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> LowBytesOf16(uint* from)
    {
        Vector128<ushort> low = Vector128.Narrow(Vector128.Load(from), Vector128.Load(from + 4));
        Vector128<ushort> high = Vector128.Narrow(Vector128.Load(from + 8), Vector128.Load(from + 12));
        return Vector128.Narrow(low, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Odd(Vector128<uint> vector) => (vector.AsUInt64() >>> 32).AsUInt32();

    // On x86 the products of even and of odd lanes, on Arm those of the low and of the high half.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<ulong> Some, Vector128<ulong> Others) Products(
        Vector128<uint> left, Vector128<uint> right) =>
        Sse2.IsSupported
            ? (Sse2.Multiply(left, right), Sse2.Multiply(Odd(left), Odd(right)))
            : (AdvSimd.MultiplyWideningLower(left.GetLower(), right.GetLower()),
                AdvSimd.MultiplyWideningUpper(left, right));

    // Products of the low halves of 64-bit lanes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> LowProducts(Vector128<uint> left, Vector128<uint> right) =>
        Sse2.IsSupported
            ? Sse2.Multiply(left, right)
            : AdvSimd.MultiplyWideningLower(
                AdvSimd.ExtractNarrowingLower(left.AsUInt64()), AdvSimd.ExtractNarrowingLower(right.AsUInt64()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> JoinHighHalves(Vector128<ulong> some, Vector128<ulong> others) =>
        Sse2.IsSupported
            ? Vector128.ConditionalSelect(
                Vector128.Create(0xFFFFFFFF00000000UL), others, some >>> 32).AsUInt32()
            : AdvSimd.Arm64.UnzipOdd(some.AsUInt32(), others.AsUInt32());
}
