using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>Words in vectors of 128 bits: SSE2 or NEON, faster with AVX-512.</summary>
/// <typeparam name="TWord">uint or ulong.</typeparam>
internal readonly struct Lanes128<TWord> : ILanes<Vector128<TWord>, TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    // Truth tables of the processor's three-operand logic.
    private const byte XorTable = 0x96;
    private const byte ChooseTable = 0xCA;
    private const byte MajorityTable = 0xE8;

    /// <inheritdoc/>
    public static int Width => Vector128<TWord>.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<TWord> Broadcast(TWord word) => Vector128.Create(word);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<TWord> Add(Vector128<TWord> left, Vector128<TWord> right) => left + right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<TWord> Or(Vector128<TWord> left, Vector128<TWord> right) => left | right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<TWord> Xor(
        Vector128<TWord> first, Vector128<TWord> second, Vector128<TWord> third) =>
        Avx512F.VL.IsSupported
            ? Avx512F.VL.TernaryLogic(first.AsUInt32(), second.AsUInt32(), third.AsUInt32(), XorTable).As<uint, TWord>()
            : first ^ second ^ third;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<TWord> Choose(
        Vector128<TWord> selector, Vector128<TWord> whereSet, Vector128<TWord> elsewhere) =>
        Avx512F.VL.IsSupported
            ? Avx512F.VL.TernaryLogic(
                selector.AsUInt32(), whereSet.AsUInt32(), elsewhere.AsUInt32(), ChooseTable).As<uint, TWord>()
            : elsewhere ^ (selector & (whereSet ^ elsewhere));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<TWord> Majority(
        Vector128<TWord> first, Vector128<TWord> second, Vector128<TWord> third) =>
        Avx512F.VL.IsSupported
            ? Avx512F.VL.TernaryLogic(
                first.AsUInt32(), second.AsUInt32(), third.AsUInt32(), MajorityTable).As<uint, TWord>()
            : (first & second) | (third & (first | second));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<TWord> Equal(Vector128<TWord> left, Vector128<TWord> right) =>
        Vector128.Equals(left, right);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<TWord> RotateRight(Vector128<TWord> value, [ConstantExpected] byte count)
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
    public static Vector128<TWord> ShiftRight(Vector128<TWord> value, [ConstantExpected] byte count) => value >>> count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<TWord> ShiftLeft(Vector128<TWord> value, [ConstantExpected] byte count) => value << count;
}
