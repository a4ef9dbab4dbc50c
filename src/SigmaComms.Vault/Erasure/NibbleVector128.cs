using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SigmaComms.Vault.Erasure;

/// <summary>16 bytes, multiplied by looking both nibbles up with a shuffle.</summary>
internal readonly struct NibbleVector128 : IFieldVector<Vector128<byte>, NibbleFactor<Vector128<byte>>>
{
    private const byte LowNibble = 0x0f;
    private const int NibbleBits = 4;

    /// <inheritdoc/>
    public static byte[] Table => GaloisField.Nibbles;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Load(ref byte bytes, nuint offset) => Vector128.LoadUnsafe(ref bytes, offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<byte> value, ref byte bytes, nuint offset) =>
        value.StoreUnsafe(ref bytes, offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NibbleFactor<Vector128<byte>> Factor(ref byte table, nuint coefficient)
    {
        nuint offset = coefficient * GaloisField.NibblesSize;
        return new(
            Vector128.LoadUnsafe(ref table, offset),
            Vector128.LoadUnsafe(ref table, offset + (nuint)Vector128<byte>.Count));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AddProduct(
        Vector128<byte> sum, Vector128<byte> value, NibbleFactor<Vector128<byte>> factor)
    {
        Vector128<byte> low = value & Vector128.Create(LowNibble);
        Vector128<byte> high = Vector128.ShiftRightLogical(value, NibbleBits);
        return sum ^ Vector128.ShuffleNative(factor.Low, low) ^ Vector128.ShuffleNative(factor.High, high);
    }
}
