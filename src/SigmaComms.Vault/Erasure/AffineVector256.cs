using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SigmaComms.Vault.Erasure;

/// <summary>32 bytes, multiplied by the affine transformation of GFNI.</summary>
internal readonly struct AffineVector256 : IFieldVector<Vector256<byte>, Vector256<byte>>
{
    /// <inheritdoc/>
    public static byte[] Table => GaloisField.Matrices;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Load(ref byte bytes, nuint offset) => Vector256.LoadUnsafe(ref bytes, offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<byte> value, ref byte bytes, nuint offset) =>
        value.StoreUnsafe(ref bytes, offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Factor(ref byte table, nuint coefficient) => Vector256
        .Create(Unsafe.Add(ref Unsafe.As<byte, ulong>(ref table), coefficient))
        .AsByte();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> AddProduct(Vector256<byte> sum, Vector256<byte> value, Vector256<byte> factor) =>
        sum ^ Gfni.V256.GaloisFieldAffineTransform(value, factor, 0);
}
