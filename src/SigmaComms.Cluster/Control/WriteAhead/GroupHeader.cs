using System.Buffers.Binary;
using System.Security.Cryptography;
using SigmaComms.Cluster.Disks;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.WriteAhead;

/// <summary>What stands before the records of a group; layout in docs/formats/control-log-wal.md.</summary>
/// <param name="Segment">The segment in which the group belongs.</param>
/// <param name="Offset">Where in it the group belongs.</param>
/// <param name="Start">Where the group is in the log.</param>
/// <param name="RecordCount">Records in the group, at least 1.</param>
/// <param name="BodySize">Bytes of the records.</param>
/// <param name="ChainAfter">Binds this group and all before.</param>
internal readonly record struct GroupHeader(
    ulong Segment, long Offset, WalPosition Start, int RecordCount, int BodySize, Digest ChainAfter)
{
    /// <summary>Bytes of a header: 112.</summary>
    public const int SizeBytes = 112;

    private const uint Magic = 0x53574731;
    private const int ChainedSize = 76;
    private const int CheckedSize = 108;

    /// <summary>Bytes that the group takes: whole sectors.</summary>
    public int ExtentBytes => WalFormat.RoundUp(SizeBytes + BodySize);

    /// <summary>The place after the group.</summary>
    public WalPosition End => new(Start.Sequence + 1, Start.Record + (ulong)RecordCount, ChainAfter);

    /// <summary>Fills the header of a group whose records are there, and so extends the chain.</summary>
    /// <param name="group">The header's bytes and all records.</param>
    /// <param name="logId">The log's id.</param>
    /// <returns>The header with the chain's new end.</returns>
    public GroupHeader Seal(Span<byte> group, Digest logId)
    {
        Span<byte> header = group[..SizeBytes];
        BinaryPrimitives.WriteUInt32BigEndian(header, Magic);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], BodySize);
        BinaryPrimitives.WriteUInt64BigEndian(header[8..], Segment);
        BinaryPrimitives.WriteInt64BigEndian(header[16..], Offset);
        BinaryPrimitives.WriteUInt64BigEndian(header[24..], Start.Sequence);
        BinaryPrimitives.WriteUInt64BigEndian(header[32..], Start.Record);
        BinaryPrimitives.WriteInt32BigEndian(header[40..], RecordCount);
        Start.Chain.CopyTo(header[44..76]);
        Digest chain = ChainOf(group[..(SizeBytes + BodySize)], logId);
        chain.CopyTo(header[76..108]);
        BinaryPrimitives.WriteUInt32BigEndian(header[CheckedSize..], ChecksumOf(header, logId));
        return this with { ChainAfter = chain };
    }

    /// <summary>Reads a header; the records are not looked at.</summary>
    /// <returns>False if there is none of this log.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, Digest logId, out GroupHeader header)
    {
        header = default;
        if (bytes.Length < SizeBytes || BinaryPrimitives.ReadUInt32BigEndian(bytes) != Magic
            || BinaryPrimitives.ReadUInt32BigEndian(bytes[CheckedSize..]) != ChecksumOf(bytes, logId))
        {
            return false;
        }

        header = new GroupHeader(
            BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[16..]),
            new WalPosition(
                BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]),
                BinaryPrimitives.ReadUInt64BigEndian(bytes[32..]),
                new Digest(bytes[44..76])),
            BinaryPrimitives.ReadInt32BigEndian(bytes[40..]),
            BinaryPrimitives.ReadInt32BigEndian(bytes[4..]),
            new Digest(bytes[76..108]));
        return header.RecordCount > 0 && header.BodySize is > 0 and <= WalFormat.BodySizeMax;
    }

    /// <summary>Whether the records are the ones that the header's chain binds.</summary>
    /// <param name="group">The header's bytes and all records.</param>
    /// <param name="logId">The log's id.</param>
    public bool Binds(ReadOnlySpan<byte> group, Digest logId) =>
        ChainOf(group[..(SizeBytes + BodySize)], logId) == ChainAfter;

    private static Digest ChainOf(ReadOnlySpan<byte> group, Digest logId)
    {
        Span<byte> hash = stackalloc byte[Digest.SizeBytes];
        logId.CopyTo(hash);
        using var chain = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        chain.AppendData("SigmaComms control log group v1"u8);
        chain.AppendData(hash);
        chain.AppendData(group[..ChainedSize]);
        chain.AppendData(group[SizeBytes..]);
        chain.GetHashAndReset(hash);
        return new Digest(hash);
    }

    // The log's id goes first: a client who writes what looks like a header into a command cannot know the checksum.
    private static uint ChecksumOf(ReadOnlySpan<byte> header, Digest logId)
    {
        Span<byte> id = stackalloc byte[Digest.SizeBytes];
        logId.CopyTo(id);
        return new Crc32C().Add(id).Add(header[..CheckedSize]).Value;
    }
}
