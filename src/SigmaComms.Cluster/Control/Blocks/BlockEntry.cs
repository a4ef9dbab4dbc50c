using System.Buffers.Binary;
using SigmaComms.Cluster.Disks;
using SigmaComms.Consensus;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Blocks;

/// <summary>The head of an entry in a block file; layout in docs/formats/control-log-blocks.md.</summary>
/// <param name="Kind">What follows.</param>
/// <param name="Identity">Of which block.</param>
/// <param name="PayloadSize">Bytes that follow.</param>
/// <param name="PayloadChecksum">CRC-32C of them.</param>
internal readonly record struct BlockEntry(
    BlockEntryKind Kind, BlockIdentity Identity, int PayloadSize, uint PayloadChecksum)
{
    /// <summary>Bytes of a head: 57.</summary>
    public const int SizeBytes = 57;

    /// <summary>The largest payload: 2 MiB, twice the largest message of the control log.</summary>
    public const int PayloadSizeMax = 2 << 20;

    private const uint Magic = 0x53424531;
    private const int CheckedSize = 53;

    /// <summary>Writes the head.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, Magic);
        destination[4] = (byte)Kind;
        BinaryPrimitives.WriteUInt64BigEndian(destination[5..], Identity.Height.Value);
        Identity.Digest.CopyTo(destination[13..45]);
        BinaryPrimitives.WriteInt32BigEndian(destination[45..], PayloadSize);
        BinaryPrimitives.WriteUInt32BigEndian(destination[49..], PayloadChecksum);
        BinaryPrimitives.WriteUInt32BigEndian(destination[CheckedSize..], Crc32C.Of(destination[..CheckedSize]));
    }

    /// <summary>Reads a head.</summary>
    /// <returns>False if there is none.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out BlockEntry entry)
    {
        entry = default;
        if (bytes.Length < SizeBytes || BinaryPrimitives.ReadUInt32BigEndian(bytes) != Magic
            || BinaryPrimitives.ReadUInt32BigEndian(bytes[CheckedSize..]) != Crc32C.Of(bytes[..CheckedSize]))
        {
            return false;
        }

        entry = new BlockEntry(
            (BlockEntryKind)bytes[4],
            new BlockIdentity(new Height(BinaryPrimitives.ReadUInt64BigEndian(bytes[5..])), new Digest(bytes[13..45])),
            BinaryPrimitives.ReadInt32BigEndian(bytes[45..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[49..]));
        return entry.Kind is BlockEntryKind.Block or BlockEntryKind.Proof
            && entry.PayloadSize is >= 0 and <= PayloadSizeMax;
    }
}
