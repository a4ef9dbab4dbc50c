using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>Words in vectors of 256 bits: AVX2, faster with AVX-512.</summary>
/// <typeparam name="TWord">uint or ulong.</typeparam>
internal readonly struct Lanes256<TWord> : ILanes<Vector256<TWord>, TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    // Truth tables of the processor's three-operand logic.
    private const byte XorTable = 0x96;
    private const byte ChooseTable = 0xCA;
    private const byte MajorityTable = 0xE8;

    /// <inheritdoc/>
    public static int Width => Vector256<TWord>.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TWord> Broadcast(TWord word) => Vector256.Create(word);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TWord> Add(Vector256<TWord> left, Vector256<TWord> right) => left + right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TWord> Or(Vector256<TWord> left, Vector256<TWord> right) => left | right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TWord> Xor(
        Vector256<TWord> first, Vector256<TWord> second, Vector256<TWord> third) =>
        Avx512F.VL.IsSupported
            ? Avx512F.VL.TernaryLogic(first.AsUInt32(), second.AsUInt32(), third.AsUInt32(), XorTable).As<uint, TWord>()
            : first ^ second ^ third;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TWord> Choose(
        Vector256<TWord> selector, Vector256<TWord> whereSet, Vector256<TWord> elsewhere) =>
        Avx512F.VL.IsSupported
            ? Avx512F.VL.TernaryLogic(
                selector.AsUInt32(), whereSet.AsUInt32(), elsewhere.AsUInt32(), ChooseTable).As<uint, TWord>()
            : elsewhere ^ (selector & (whereSet ^ elsewhere));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TWord> Majority(
        Vector256<TWord> first, Vector256<TWord> second, Vector256<TWord> third) =>
        Avx512F.VL.IsSupported
            ? Avx512F.VL.TernaryLogic(
                first.AsUInt32(), second.AsUInt32(), third.AsUInt32(), MajorityTable).As<uint, TWord>()
            : (first & second) | (third & (first | second));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TWord> Equal(Vector256<TWord> left, Vector256<TWord> right) =>
        Vector256.Equals(left, right);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TWord> RotateRight(Vector256<TWord> value, [ConstantExpected] byte count)
    {
        if (!Avx512F.VL.IsSupported)
        {
            return (value >>> count) | (value << ((Unsafe.SizeOf<TWord>() * 8) - count));
        }

        return typeof(TWord) == typeof(uint)
            ? Avx512F.VL.RotateRight(value.AsUInt32(), count).As<uint, TWord>()
            : Avx512F.VL.RotateRight(value.AsUInt64(), count).As<ulong, TWord>();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TWord> ShiftRight(Vector256<TWord> value, [ConstantExpected] byte count) => value >>> count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TWord> ShiftLeft(Vector256<TWord> value, [ConstantExpected] byte count) => value << count;
}
