using System.Buffers.Binary;
using System.Numerics;

namespace SigmaComms.Persistence.Sqlite;

/// <summary>CRC-32C over an event: finds what a disk changed, not what an attacker did.</summary>
internal static class EventChecksum
{
    public static uint Of(long key, uint typeId, byte version, long ticks, ReadOnlySpan<byte> payload)
    {
        uint crc = BitOperations.Crc32C(uint.MaxValue, (ulong)key);
        crc = BitOperations.Crc32C(crc, typeId);
        crc = BitOperations.Crc32C(crc, version);
        crc = BitOperations.Crc32C(crc, (ulong)ticks);
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
