using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SigmaComms.Vault.Erasure;

/// <summary>64 bytes, multiplied by the affine transformation of GFNI.</summary>
internal readonly struct AffineVector512 : IFieldVector<Vector512<byte>, Vector512<byte>>
{
    /// <inheritdoc/>
    public static byte[] Table => GaloisField.Matrices;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Load(ref byte bytes, nuint offset) => Vector512.LoadUnsafe(ref bytes, offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<byte> value, ref byte bytes, nuint offset) =>
        value.StoreUnsafe(ref bytes, offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Factor(ref byte table, nuint coefficient) => Vector512
        .Create(Unsafe.Add(ref Unsafe.As<byte, ulong>(ref table), coefficient))
        .AsByte();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> AddProduct(Vector512<byte> sum, Vector512<byte> value, Vector512<byte> factor) =>
        sum ^ Gfni.V512.GaloisFieldAffineTransform(value, factor, 0);
}
