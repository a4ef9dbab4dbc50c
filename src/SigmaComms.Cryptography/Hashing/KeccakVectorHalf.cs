using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>One state in the lower halves of vectors, for AVX-512's registers, logic and rotation.</summary>
internal readonly unsafe struct KeccakVectorHalf : IKeccakVector<Vector128<ulong>>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Load(ulong* words) => Vector128.CreateScalarUnsafe(*words);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ulong* words, Vector128<ulong> value) => *words = value.ToScalar();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Create(ulong value) => Vector128.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Xor(Vector128<ulong> a, Vector128<ulong> b) => a ^ b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Xor(Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> c) =>
        KeccakVector128.Xor(a, b, c);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Chi(Vector128<ulong> a, Vector128<ulong> b, Vector128<ulong> c) =>
        KeccakVector128.Chi(a, b, c);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> RotateLeft(Vector128<ulong> a, [ConstantExpected] byte count) =>
        KeccakVector128.RotateLeft(a, count);
}
