using SigmaComms.Cluster.Disks;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.WriteAhead;

/// <summary>Makes, mends and reads whole segment files.</summary>
internal static class WalSegments
{
    private const string NewName = "wal.new";
    private const int ZeroChunkSize = 64 << 10;

    private static readonly byte[] Zeros = new byte[ZeroChunkSize];

    /// <summary>Makes a segment. Its name is there only once all of it is durable.</summary>
    public static IDiskFile Create(IDisk disk, SegmentHeader head, int zeroAheadBytes, out int zeroedTo)
    {
        IDiskFile file = disk.Create(NewName, head.SizeBytes);
        try
        {
            WriteHead(file, head);
            int room = Math.Min(zeroAheadBytes, head.SizeBytes - WalFormat.SegmentHeadSize);
            zeroedTo = WalFormat.SegmentHeadSize + WriteZeros(file, WalFormat.SegmentHeadSize, room);
            file.Sync();
            disk.Rename(NewName, WalFormat.NameOf(head.Number));
            disk.SyncNames();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Makes durable what was found: cuts the torn tail, mends headers of which one is left, and writes the last group
    /// again. That group may be in the page cache only: of a process that was killed before its sync, or after one
    /// that failed, when the kernel holds the pages for clean though the disk never got them.
    /// </summary>
    public static IDiskFile MakeDurable(IDisk disk, WalScan scan)
    {
        disk.Delete(NewName);
        foreach (SegmentHeader head in scan.HalfHeads)
        {
            using IDiskFile mended = disk.Open(WalFormat.NameOf(head.Number));
            WriteHead(mended, head);
            mended.Sync();
        }

        SegmentHeader last = scan.Segments[^1];
        IDiskFile file = disk.Open(WalFormat.NameOf(last.Number));
        try
        {
            using (SegmentReader reader = new(disk.Open(WalFormat.NameOf(last.Number))))
            {
                bool hasGroup = scan.LastGroupOffset < scan.EndOffset;
                int from = hasGroup ? scan.LastGroupOffset : 0;
                file.Write(from, reader.ReadBytes(from, scan.EndOffset - from).Span);
            }

            WriteZeros(file, scan.EndOffset, WalFormat.RoundUp(scan.TornTo) - scan.EndOffset);
            file.Sync();
            disk.SyncNames();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the records of a segment in order.</summary>
    public static void Replay(
        IDisk disk, SegmentHeader segment, WalPosition end, ulong from, Action<LogRecord> visit)
    {
        using SegmentReader reader = new(disk.Open(WalFormat.NameOf(segment.Number)));
        int offset = WalFormat.SegmentHeadSize;
        WalPosition at = segment.Start;
        while (at.Sequence != end.Sequence)
        {
            if (!reader.TryReadGroup(segment, offset, at, out GroupHeader header, out ReadOnlyMemory<byte> body))
            {
                throw new IOException(
                    $"'{WalFormat.NameOf(segment.Number)}' was damaged at offset {offset} since it was opened.");
            }

            for (ulong number = at.Record; number < header.End.Record; number++)
            {
                bool isRead = WalFormat.TryReadRecord(body, number, out LogRecord record, out bool isIntact);
                Invariant.Holds(isRead && isIntact);
                body = body[(WalFormat.RecordHeadSize + record.Payload.Length)..];
                if (number >= from)
                {
                    visit(record);
                }
            }

            Invariant.Holds(body.IsEmpty);
            offset += header.ExtentBytes;
            at = header.End;
        }

        Invariant.Holds(at == end);
    }

    /// <summary>Writes zeros.</summary>
    /// <returns>How many.</returns>
    public static int WriteZeros(IDiskFile file, int offset, int sizeBytes)
    {
        for (int done = 0; done < sizeBytes; done += ZeroChunkSize)
        {
            file.Write(offset + done, Zeros.AsSpan(0, Math.Min(ZeroChunkSize, sizeBytes - done)));
        }

        return sizeBytes;
    }

    private static void WriteHead(IDiskFile file, SegmentHeader head)
    {
        Span<byte> sectors = new byte[WalFormat.SegmentHeadSize];
        head.Write(sectors);
        head.Write(sectors[WalFormat.SectorSize..]);
        file.Write(0, sectors);
    }
}
