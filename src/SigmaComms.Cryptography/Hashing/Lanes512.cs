using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>Words in vectors of 512 bits: AVX-512.</summary>
/// <typeparam name="TWord">uint or ulong.</typeparam>
internal readonly struct Lanes512<TWord> : ILanes<Vector512<TWord>, TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    // Truth tables of the processor's three-operand logic.
    private const byte XorTable = 0x96;
    private const byte ChooseTable = 0xCA;
    private const byte MajorityTable = 0xE8;

    /// <inheritdoc/>
    public static int Width => Vector512<TWord>.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<TWord> Broadcast(TWord word) => Vector512.Create(word);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<TWord> Add(Vector512<TWord> left, Vector512<TWord> right) => left + right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<TWord> Or(Vector512<TWord> left, Vector512<TWord> right) => left | right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<TWord> Xor(
        Vector512<TWord> first, Vector512<TWord> second, Vector512<TWord> third) =>
        Avx512F.IsSupported
            ? Avx512F.TernaryLogic(first.AsUInt32(), second.AsUInt32(), third.AsUInt32(), XorTable).As<uint, TWord>()
            : first ^ second ^ third;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<TWord> Choose(
        Vector512<TWord> selector, Vector512<TWord> whereSet, Vector512<TWord> elsewhere) =>
        Avx512F.IsSupported
            ? Avx512F.TernaryLogic(
                selector.AsUInt32(), whereSet.AsUInt32(), elsewhere.AsUInt32(), ChooseTable).As<uint, TWord>()
            : elsewhere ^ (selector & (whereSet ^ elsewhere));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<TWord> Majority(
        Vector512<TWord> first, Vector512<TWord> second, Vector512<TWord> third) =>
        Avx512F.IsSupported
            ? Avx512F.TernaryLogic(
                first.AsUInt32(), second.AsUInt32(), third.AsUInt32(), MajorityTable).As<uint, TWord>()
            : (first & second) | (third & (first | second));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<TWord> Equal(Vector512<TWord> left, Vector512<TWord> right) =>
        Vector512.Equals(left, right);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<TWord> RotateRight(Vector512<TWord> value, [ConstantExpected] byte count)
    {
        if (!Avx512F.IsSupported)
        {
            return (value >>> count) | (value << ((Unsafe.SizeOf<TWord>() * 8) - count));
        }

        return typeof(TWord) == typeof(uint)
            ? Avx512F.RotateRight(value.AsUInt32(), count).As<uint, TWord>()
            : Avx512F.RotateRight(value.AsUInt64(), count).As<ulong, TWord>();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<TWord> ShiftRight(Vector512<TWord> value, [ConstantExpected] byte count) => value >>> count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<TWord> ShiftLeft(Vector512<TWord> value, [ConstantExpected] byte count) => value << count;
}
