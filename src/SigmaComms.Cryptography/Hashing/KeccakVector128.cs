using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>Two states in vectors of 128 bits, with AVX-512's three-way logic and rotation where it is.</summary>
internal readonly unsafe struct KeccakVector128 : IKeccakVector<Vector128<ulong>>
{
    // Truth tables for vpternlogq.
    private const byte Parity = 0x96;
    private const byte ChiTable = 0xD2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Load(ulong* words) => Vector128.Load(words);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ulong* words, Vector128<ulong> value) => value.Store(words);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Create(ulong value) => Vector128.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Xor(Vector128<ulong> a, Vector128<ulong> b) => a ^ b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Xor(Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> c) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a, b, c, Parity) : a ^ b ^ c;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Chi(Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> c) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a, b, c, ChiTable) : a ^ Vector128.AndNot(c, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> RotateLeft(Vector128<ulong> a, [ConstantExpected] byte count) =>
        Avx512F.VL.IsSupported
            ? Avx512F.VL.RotateLeft(a, count)
            : Vector128.ShiftLeft(a, count) | Vector128.ShiftRightLogical(a, 64 - count);
}
