using SigmaComms.Cluster.Disks;

namespace SigmaComms.Cluster.Control.WriteAhead;

/// <summary>Reads a segment file that may hold anything.</summary>
/// <remarks>
/// A sector that the disk refuses to give reads as 0xFF bytes: damaged, but never as room not yet used.
/// </remarks>
internal sealed class SegmentReader(IDiskFile file) : IDisposable
{
    private const int ChunkSize = 16 * WalFormat.SectorSize;

    private byte[] _buffer = new byte[ChunkSize];

    /// <summary>Bytes of the file.</summary>
    public long Length => file.Length;

    /// <summary>Reads the segment's header from either of its places.</summary>
    /// <param name="header">The header.</param>
    /// <param name="isWhole">Whether both places hold it.</param>
    public bool TryReadHead(out SegmentHeader header, out bool isWhole)
    {
        Span<byte> head = _buffer.AsSpan(0, WalFormat.SegmentHeadSize);
        ReadAll(0, head);
        bool isFirst = SegmentHeader.TryRead(head, out SegmentHeader first);
        bool isSecond = SegmentHeader.TryRead(head[WalFormat.SectorSize..], out SegmentHeader second);
        header = isFirst ? first : second;
        isWhole = isFirst && isSecond && first == second;
        return isFirst || isSecond;
    }

    /// <summary>Reads the group that must be at a place.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="offset">Where in the file.</param>
    /// <param name="expected">Where in the log.</param>
    /// <param name="header">The group's header.</param>
    /// <param name="body">Its records; valid until the next call.</param>
    /// <returns>False if exactly that group is not there whole.</returns>
    public bool TryReadGroup(
        in SegmentHeader segment, int offset, in WalPosition expected, out GroupHeader header,
        out ReadOnlyMemory<byte> body)
    {
        (header, body) = (default, default);
        if (segment.SizeBytes - offset < WalFormat.SectorSize)
        {
            return false;
        }

        ReadAll(offset, _buffer.AsSpan(0, WalFormat.SectorSize));
        if (!GroupHeader.TryRead(_buffer, segment.LogId, out header) || header.Segment != segment.Number
            || header.Offset != offset || header.Start != expected || header.ExtentBytes > segment.SizeBytes - offset)
        {
            return false;
        }

        if (_buffer.Length < header.ExtentBytes)
        {
            byte[] larger = new byte[header.ExtentBytes];
            _buffer.AsSpan(0, WalFormat.SectorSize).CopyTo(larger);
            _buffer = larger;
        }

        ReadAll(
            offset + WalFormat.SectorSize,
            _buffer.AsSpan(WalFormat.SectorSize, header.ExtentBytes - WalFormat.SectorSize));
        body = _buffer.AsMemory(GroupHeader.SizeBytes, header.BodySize);
        return header.Binds(_buffer, segment.LogId);
    }

    /// <summary>Reads any bytes; the result is valid until the next call.</summary>
    public ReadOnlyMemory<byte> ReadBytes(int offset, int sizeBytes)
    {
        if (_buffer.Length < sizeBytes)
        {
            _buffer = new byte[sizeBytes];
        }

        ReadAll(offset, _buffer.AsSpan(0, sizeBytes));
        return _buffer.AsMemory(0, sizeBytes);
    }

    /// <summary>
    /// All headers of later groups, wherever they stand: each says that the groups before were synced.
    /// </summary>
    /// <param name="segment">The segment.</param>
    /// <param name="offset">Where to begin.</param>
    /// <param name="sequence">Only groups from this one on.</param>
    /// <param name="usedTo">Receives where the last byte that is not zero ends; the offset if there is none.</param>
    public List<(int Offset, GroupHeader Header)> FindHeaders(
        in SegmentHeader segment, int offset, ulong sequence, out int usedTo)
    {
        List<(int Offset, GroupHeader Header)> found = [];
        usedTo = offset;
        for (int at = offset; at < segment.SizeBytes; at += ChunkSize)
        {
            int sizeBytes = Math.Min(ChunkSize, segment.SizeBytes - at);
            Span<byte> chunk = _buffer.AsSpan(0, sizeBytes);
            ReadAll(at, chunk);
            int last = chunk.LastIndexOfAnyExcept((byte)0);
            usedTo = last < 0 ? usedTo : at + last + 1;
            for (int i = 0; i <= last; i += WalFormat.SectorSize)
            {
                if (GroupHeader.TryRead(chunk[i..], segment.LogId, out GroupHeader header)
                    && header.Start.Sequence >= sequence)
                {
                    found.Add((at + i, header));
                }
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private void ReadAll(long offset, Span<byte> destination)
    {
        try
        {
            destination[file.Read(offset, destination)..].Clear();
        }
        catch (IOException) when (destination.Length > WalFormat.SectorSize)
        {
            for (int i = 0; i < destination.Length; i += WalFormat.SectorSize)
            {
                ReadAll(offset + i, destination.Slice(i, Math.Min(WalFormat.SectorSize, destination.Length - i)));
            }
        }
        catch (IOException)
        {
            destination.Fill(0xFF);
        }
    }
}
