using System.Buffers.Binary;
using System.Globalization;
using SigmaComms.Cluster.Disks;

namespace SigmaComms.Cluster.Control.WriteAhead;

/// <summary>Sizes, names and records of the log's files; see docs/formats/control-log-wal.md.</summary>
internal static class WalFormat
{
    /// <summary>
    /// Groups begin at multiples of this: what was synced is never written again, so no write tears it.
    /// </summary>
    public const int SectorSize = 4_096;

    /// <summary>Bytes before the first group of a segment: the header, twice.</summary>
    public const int SegmentHeadSize = 2 * SectorSize;

    /// <summary>Bytes of a record besides its payload: length, checksum, type.</summary>
    public const int RecordHeadSize = 9;

    /// <summary>The largest payload: 4 MiB, four times the largest message of the control log.</summary>
    public const int PayloadSizeMax = 4 << 20;

    /// <summary>The most record bytes in a group: 16 MiB.</summary>
    public const int BodySizeMax = 16 << 20;

    private const string Prefix = "wal-";
    private const string Suffix = ".log";

    /// <summary>The next multiple of a sector.</summary>
    public static int RoundUp(int sizeBytes) => (sizeBytes + SectorSize - 1) / SectorSize * SectorSize;

    /// <summary>The file's name of a segment; names sort as numbers do.</summary>
    public static string NameOf(ulong segment) =>
        Prefix + segment.ToString("x16", CultureInfo.InvariantCulture) + Suffix;

    /// <summary>The segment's number in a file's name.</summary>
    public static bool TryParseName(string name, out ulong segment)
    {
        segment = 0;
        return name.Length == Prefix.Length + 16 + Suffix.Length
            && name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal)
            && ulong.TryParse(
                name.AsSpan(Prefix.Length, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out segment)
            && NameOf(segment) == name;
    }

    /// <summary>The most record bytes of a group in segments of a size.</summary>
    public static int BodySizeMaxIn(int segmentSizeBytes) =>
        Math.Min(BodySizeMax, segmentSizeBytes - SegmentHeadSize - GroupHeader.SizeBytes);

    /// <summary>Writes a record.</summary>
    public static void WriteRecord(Span<byte> destination, ulong number, byte type, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination, payload.Length);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], ChecksumOf(number, type, payload));
        destination[8] = type;
        payload.CopyTo(destination[RecordHeadSize..]);
    }

    /// <summary>Reads the length of a record and whether its checksum is right.</summary>
    /// <returns>False if no record can be there.</returns>
    public static bool TryReadRecord(
        ReadOnlyMemory<byte> bytes, ulong number, out LogRecord record, out bool isIntact)
    {
        (record, isIntact) = (default, false);
        ReadOnlySpan<byte> span = bytes.Span;
        if (span.Length < RecordHeadSize)
        {
            return false;
        }

        int sizeBytes = BinaryPrimitives.ReadInt32BigEndian(span);
        if (sizeBytes is < 0 or > PayloadSizeMax || sizeBytes > span.Length - RecordHeadSize)
        {
            return false;
        }

        record = new LogRecord(number, span[8], bytes.Slice(RecordHeadSize, sizeBytes));
        isIntact = BinaryPrimitives.ReadUInt32BigEndian(span[4..])
            == ChecksumOf(number, record.Type, record.Payload.Span);
        return true;
    }

    private static uint ChecksumOf(ulong number, byte type, ReadOnlySpan<byte> payload)
    {
        Span<byte> head = stackalloc byte[9];
        BinaryPrimitives.WriteUInt64BigEndian(head, number);
        head[8] = type;
        return new Crc32C().Add(head).Add(payload).Value;
    }
}
