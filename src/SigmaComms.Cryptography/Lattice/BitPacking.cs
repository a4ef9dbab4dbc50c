using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>Coefficients of a fixed number of bits each, laid end to end, least significant bit first.</summary>
/// <remarks>Time and memory access depend on the number of coefficients and bits only.</remarks>
/// <standard>FIPS 203, algorithms 5 and 6; FIPS 204, algorithms 16 and 18.</standard>
internal static class BitPacking
{
    /// <summary>Writes the low bits of each coefficient.</summary>
    /// <param name="coefficients">A multiple of 32 values, each below 2^bits.</param>
    /// <param name="bits">Bits for each, 1 to 20.</param>
    /// <param name="bytes">Receives coefficients times bits / 8 bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(ReadOnlySpan<uint> coefficients, int bits, Span<byte> bytes)
    {
        Size.Require(bytes, coefficients.Length / 8 * bits);
        ulong waiting = 0;
        int waitingBits = 0;
        for (int i = 0; i < coefficients.Length; i++)
        {
            waiting |= (ulong)coefficients[i] << waitingBits;
            waitingBits += bits;
            if (waitingBits >= 32)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)waiting);
                bytes = bytes[sizeof(uint)..];
                waiting >>= 32;
                waitingBits -= 32;
            }
        }
    }

    /// <summary>Reads what <see cref="Pack"/> wrote.</summary>
    /// <param name="bytes">coefficients times bits / 8 bytes.</param>
    /// <param name="bits">Bits for each, 1 to 20.</param>
    /// <param name="coefficients">Receives a multiple of 32 values, each below 2^bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(ReadOnlySpan<byte> bytes, int bits, Span<uint> coefficients)
    {
        Size.Require(bytes, coefficients.Length / 8 * bits);
        uint mask = (1u << bits) - 1;
        ulong waiting = 0;
        int waitingBits = 0;
        for (int i = 0; i < coefficients.Length; i++)
        {
            if (waitingBits < bits)
            {
                waiting |= (ulong)BinaryPrimitives.ReadUInt32LittleEndian(bytes) << waitingBits;
                bytes = bytes[sizeof(uint)..];
                waitingBits += 32;
            }

            coefficients[i] = (uint)waiting & mask;
            waiting >>= bits;
            waitingBits -= bits;
        }
    }
}
