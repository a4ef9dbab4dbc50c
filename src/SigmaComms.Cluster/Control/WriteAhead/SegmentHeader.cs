using System.Buffers.Binary;
using SigmaComms.Cluster.Disks;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.WriteAhead;

/// <summary>
/// What the first two sectors of a segment say, each alone; layout in docs/formats/control-log-wal.md.
/// </summary>
/// <param name="LogId">Random, the same in all segments of a log; no client knows it.</param>
/// <param name="Number">The segment's number, from 1; also in the file's name.</param>
/// <param name="Start">Where the segment begins in the log.</param>
/// <param name="SizeBytes">Bytes of the file.</param>
internal readonly record struct SegmentHeader(Digest LogId, ulong Number, WalPosition Start, int SizeBytes)
{
    private const uint Version = 1;
    private const int CheckedSize = 8 + 4 + 4 + 32 + 8 + 8 + 8 + 32;

    private static ReadOnlySpan<byte> Magic => "SigmaWAL"u8;

    /// <summary>Fills one sector.</summary>
    public void Write(Span<byte> sector)
    {
        sector[..WalFormat.SectorSize].Clear();
        Magic.CopyTo(sector);
        BinaryPrimitives.WriteUInt32BigEndian(sector[8..], Version);
        BinaryPrimitives.WriteInt32BigEndian(sector[12..], SizeBytes);
        LogId.CopyTo(sector[16..48]);
        BinaryPrimitives.WriteUInt64BigEndian(sector[48..], Number);
        BinaryPrimitives.WriteUInt64BigEndian(sector[56..], Start.Sequence);
        BinaryPrimitives.WriteUInt64BigEndian(sector[64..], Start.Record);
        Start.Chain.CopyTo(sector[72..104]);
        BinaryPrimitives.WriteUInt32BigEndian(sector[CheckedSize..], Crc32C.Of(sector[..CheckedSize]));
    }

    /// <summary>Reads one sector.</summary>
    /// <returns>False if it holds no header.</returns>
    public static bool TryRead(ReadOnlySpan<byte> sector, out SegmentHeader header)
    {
        header = default;
        if (sector.Length < WalFormat.SectorSize || !sector.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32BigEndian(sector[8..]) != Version
            || BinaryPrimitives.ReadUInt32BigEndian(sector[CheckedSize..]) != Crc32C.Of(sector[..CheckedSize]))
        {
            return false;
        }

        header = new SegmentHeader(
            new Digest(sector[16..48]),
            BinaryPrimitives.ReadUInt64BigEndian(sector[48..]),
            new WalPosition(
                BinaryPrimitives.ReadUInt64BigEndian(sector[56..]),
                BinaryPrimitives.ReadUInt64BigEndian(sector[64..]),
                new Digest(sector[72..104])),
            BinaryPrimitives.ReadInt32BigEndian(sector[12..]));
        return header.SizeBytes > 0 && header.SizeBytes % WalFormat.SectorSize == 0;
    }
}
