namespace SigmaComms.FuseProbe.Memory;

/// <summary>Content of a file as pages; those that are not there are holes.</summary>
public sealed class PageFile
{
    public const int PageBytes = 4096;
    private readonly Dictionary<long, byte[]> _pages = [];

    public long Size { get; private set; }

    public int Pages => _pages.Count;

    public int Read(long offset, Span<byte> room)
    {
        int length = (int)Math.Max(0, Math.Min(room.Length, Size - offset));
        for (int done = 0; done < length;)
        {
            (long page, int start, int count) = Piece(offset + done, length - done);
            Span<byte> target = room.Slice(done, count);
            if (_pages.TryGetValue(page, out byte[]? bytes))
            {
                bytes.AsSpan(start, count).CopyTo(target);
            }
            else
            {
                target.Clear();
            }

            done += count;
        }

        return length;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        for (int done = 0; done < bytes.Length;)
        {
            (long page, int start, int count) = Piece(offset + done, bytes.Length - done);
            if (!_pages.TryGetValue(page, out byte[]? target))
            {
                _pages.Add(page, target = new byte[PageBytes]);
            }

            bytes.Slice(done, count).CopyTo(target.AsSpan(start));
            done += count;
        }

        Size = Math.Max(Size, offset + bytes.Length);
    }

    public void Resize(long size)
    {
        if (size < Size)
        {
            Punch(size, Size - size);
        }

        Size = size;
    }

    /// <summary>Makes a range read as zeros: whole pages go, the rest is cleared.</summary>
    public void Punch(long offset, long length)
    {
        long end = Math.Min(offset + length, Size);
        foreach (long page in _pages.Keys.Where(p => (p * PageBytes) < end && (p + 1) * PageBytes > offset).ToList())
        {
            long first = Math.Max(offset, page * PageBytes);
            long last = Math.Min(end, (page + 1) * PageBytes);
            if (last - first == PageBytes)
            {
                _pages.Remove(page);
            }
            else
            {
                _pages[page].AsSpan((int)(first % PageBytes), (int)(last - first)).Clear();
            }
        }
    }

    /// <summary>Makes room without changing what is read.</summary>
    public void Allocate(long offset, long length, bool keepSize)
    {
        for (long page = offset / PageBytes; page * PageBytes < offset + length; page++)
        {
            _pages.TryAdd(page, new byte[PageBytes]);
        }

        Size = keepSize ? Size : Math.Max(Size, offset + length);
    }

    /// <summary>The next byte in a page, or the next in none; -1 if there is no more data.</summary>
    public long Seek(long offset, bool data)
    {
        if (!data)
        {
            long hole = offset;
            while (hole < Size && _pages.ContainsKey(hole / PageBytes))
            {
                hole = ((hole / PageBytes) + 1) * PageBytes;
            }

            return Math.Min(hole, Size);
        }

        long next = _pages.Keys.Where(page => (page + 1) * PageBytes > offset && page * PageBytes < Size)
            .DefaultIfEmpty(-1).Min();
        return next < 0 ? -1 : Math.Max(offset, next * PageBytes);
    }

    private static (long Page, int Start, int Count) Piece(long offset, int length)
    {
        int start = (int)(offset % PageBytes);
        return (offset / PageBytes, start, Math.Min(length, PageBytes - start));
    }
}
