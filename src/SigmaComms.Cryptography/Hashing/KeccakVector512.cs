using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>Eight states in vectors of 512 bits, with AVX-512's three-way logic and rotation where it is.</summary>
internal readonly unsafe struct KeccakVector512 : IKeccakVector<Vector512<ulong>>
{
    // Truth tables for vpternlogq.
    private const byte Parity = 0x96;
    private const byte ChiTable = 0xD2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Load(ulong* words) => Vector512.Load(words);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ulong* words, Vector512<ulong> value) => value.Store(words);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Create(ulong value) => Vector512.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Xor(Vector512<ulong> a, Vector512<ulong> b) => a ^ b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Xor(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) =>
        Avx512F.IsSupported ? Avx512F.TernaryLogic(a, b, c, Parity) : a ^ b ^ c;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Chi(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) =>
        Avx512F.IsSupported ? Avx512F.TernaryLogic(a, b, c, ChiTable) : a ^ Vector512.AndNot(c, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> RotateLeft(Vector512<ulong> a, [ConstantExpected] byte count) =>
        Avx512F.IsSupported
            ? Avx512F.RotateLeft(a, count)
            : Vector512.ShiftLeft(a, count) | Vector512.ShiftRightLogical(a, 64 - count);
}
