using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SigmaComms.Vault.Erasure;

/// <summary>32 bytes, multiplied by looking both nibbles up with a shuffle of AVX2.</summary>
internal readonly struct NibbleVector256 : IFieldVector<Vector256<byte>, NibbleFactor<Vector256<byte>>>
{
    private const byte LowNibble = 0x0f;
    private const int NibbleBits = 4;

    /// <inheritdoc/>
    public static byte[] Table => GaloisField.Nibbles;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Load(ref byte bytes, nuint offset) => Vector256.LoadUnsafe(ref bytes, offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<byte> value, ref byte bytes, nuint offset) =>
        value.StoreUnsafe(ref bytes, offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NibbleFactor<Vector256<byte>> Factor(ref byte table, nuint coefficient)
    {
        nuint offset = coefficient * GaloisField.NibblesSize;
        Vector128<byte> low = Vector128.LoadUnsafe(ref table, offset);
        Vector128<byte> high = Vector128.LoadUnsafe(ref table, offset + (nuint)Vector128<byte>.Count);
        return new(Vector256.Create(low, low), Vector256.Create(high, high));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> AddProduct(
        Vector256<byte> sum, Vector256<byte> value, NibbleFactor<Vector256<byte>> factor)
    {
        Vector256<byte> mask = Vector256.Create(LowNibble);
        Vector256<byte> low = value & mask;
        Vector256<byte> high = Vector256.ShiftRightLogical(value.AsUInt16(), NibbleBits).AsByte() & mask;
        return sum ^ Avx2.Shuffle(factor.Low, low) ^ Avx2.Shuffle(factor.High, high);
    }
}
