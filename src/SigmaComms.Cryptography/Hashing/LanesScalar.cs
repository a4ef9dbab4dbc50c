using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>One word at a time: what wider lanes are tested against, and what runs without vectors.</summary>
/// <typeparam name="TWord">uint or ulong.</typeparam>
internal readonly struct LanesScalar<TWord> : ILanes<TWord, TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    /// <inheritdoc/>
    public static int Width => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWord Broadcast(TWord word) => word;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWord Add(TWord left, TWord right) => left + right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWord Or(TWord left, TWord right) => left | right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWord Xor(TWord first, TWord second, TWord third) => first ^ second ^ third;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWord Choose(TWord selector, TWord whereSet, TWord elsewhere) =>
        elsewhere ^ (selector & (whereSet ^ elsewhere));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWord Majority(TWord first, TWord second, TWord third) =>
        (first & second) | (third & (first | second));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWord Equal(TWord left, TWord right) => left == right ? TWord.AllBitsSet : TWord.Zero;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWord RotateRight(TWord value, [ConstantExpected] byte count) => TWord.RotateRight(value, count);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWord ShiftRight(TWord value, [ConstantExpected] byte count) => value >>> count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWord ShiftLeft(TWord value, [ConstantExpected] byte count) => value << count;
}
