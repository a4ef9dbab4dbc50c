using System.Buffers.Binary;
using System.Numerics;

namespace SigmaComms.Cluster.Disks;

/// <summary>CRC-32C (Castagnoli) over parts in order: finds what a disk changed, not what an attacker did.</summary>
internal struct Crc32C
{
    private uint _state;

    /// <summary>Starts empty.</summary>
    public Crc32C() => _state = uint.MaxValue;

    /// <summary>The checksum of all that was added.</summary>
    public readonly uint Value => ~_state;

    /// <summary>The checksum of some bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => new Crc32C().Add(bytes).Value;

    /// <summary>Adds bytes at the end.</summary>
    public Crc32C Add(ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            _state = BitOperations.Crc32C(_state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (byte b in bytes)
        {
            _state = BitOperations.Crc32C(_state, b);
        }

        return this;
    }
}
