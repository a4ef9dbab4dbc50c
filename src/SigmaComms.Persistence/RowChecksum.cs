using System.Buffers.Binary;
using System.Numerics;

namespace SigmaComms.Persistence;

/// <summary>CRC-32C over a row's numbers and bytes: finds what a disk changed, not what an attacker did.</summary>
internal static class RowChecksum
{
    /// <summary>The checksum of the numbers, in order, each as 8 bytes, little-endian, and of the payload.</summary>
    public static uint Of(ReadOnlySpan<long> numbers, ReadOnlySpan<byte> payload)
    {
        uint crc = uint.MaxValue;
        foreach (long number in numbers)
        {
            crc = BitOperations.Crc32C(crc, unchecked((ulong)number));
        }

        for (; payload.Length >= sizeof(ulong); payload = payload[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(payload));
        }

        foreach (byte b in payload)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }
}
