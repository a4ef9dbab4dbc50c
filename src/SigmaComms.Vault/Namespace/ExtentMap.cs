namespace SigmaComms.Vault.Namespace;

/// <summary>
/// The extents of a file, ascending and disjoint; what none covers reads as zeros. Immutable: a change copies one chunk
/// and the list of chunks, so that appending to a file of a million stripes stays cheap. A single extent, the usual
/// file, is held without any array.
/// </summary>
internal sealed class ExtentMap
{
    private const int ChunkSizeMax = 128;

    private readonly Extent _single;
    private readonly Extent[][]? _chunks;

    private ExtentMap(Extent single) => _single = single;

    private ExtentMap(Extent[][] chunks) => _chunks = chunks;

    /// <summary>How many extents there are, at least one.</summary>
    public int Count => _chunks is null ? 1 : _chunks.Sum(chunk => chunk.Length);

    /// <summary>A map of extents, or null if there are none.</summary>
    /// <param name="extents">Ascending and disjoint.</param>
    public static ExtentMap? Of(IReadOnlyList<Extent> extents) => extents.Count switch
    {
        0 => null,
        1 => new ExtentMap(extents[0]),
        _ => new ExtentMap([.. extents.Chunk(ChunkSizeMax)]),
    };

    /// <summary>All extents in their order.</summary>
    public IEnumerable<Extent> All()
    {
        if (_chunks is null)
        {
            return [_single];
        }

        return _chunks.SelectMany(chunk => chunk);
    }

    /// <summary>The extents that have a byte in a range, uncut.</summary>
    public IEnumerable<Extent> In(long offset, long end)
    {
        if (_chunks is null)
        {
            return _single.Offset < end && _single.End > offset ? [_single] : [];
        }

        return Overlapping(_chunks, offset, end);
    }

    /// <summary>Puts an extent, or nothing, into a range.</summary>
    /// <param name="map">The map, or null if there are none.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="end">The first byte after it.</param>
    /// <param name="put">Extents of exactly that range, or none.</param>
    /// <param name="removed">Receives those taken out.</param>
    /// <param name="added">Receives those put in, rests of the former among them.</param>
    /// <returns>The new map, or null if nothing is left.</returns>
    public static ExtentMap? Replace(
        ExtentMap? map,
        long offset,
        long end,
        ReadOnlySpan<Extent> put,
        List<Extent> removed,
        List<Extent> added)
    {
        Extent[][] chunks = map?._chunks ?? (map is null ? [] : [[map._single]]);
        int first = FirstChunk(chunks, offset);
        int last = first;
        List<Extent> rebuilt = [];
        List<Extent> after = [];
        while (last < chunks.Length && (last == first || chunks[last][0].Offset < end))
        {
            Sort(chunks[last++], offset, end, rebuilt, after, removed, added);
        }

        foreach (Extent extent in put)
        {
            rebuilt.Add(extent);
            added.Add(extent);
        }

        rebuilt.AddRange(after);
        return Join(chunks, first, last, rebuilt);
    }

    private static IEnumerable<Extent> Overlapping(Extent[][] chunks, long offset, long end)
    {
        for (int i = FirstChunk(chunks, offset); i < chunks.Length && chunks[i][0].Offset < end; i++)
        {
            foreach (Extent extent in chunks[i])
            {
                if (extent.Offset < end && extent.End > offset)
                {
                    yield return extent;
                }
            }
        }
    }

    private static void Sort(
        Extent[] chunk,
        long offset,
        long end,
        List<Extent> before,
        List<Extent> after,
        List<Extent> removed,
        List<Extent> added)
    {
        foreach (Extent extent in chunk)
        {
            if (extent.End <= offset)
            {
                before.Add(extent);
                continue;
            }

            if (extent.Offset >= end)
            {
                after.Add(extent);
                continue;
            }

            removed.Add(extent);
            if (extent.Offset < offset)
            {
                before.Add(extent.Before(offset));
                added.Add(extent.Before(offset));
            }

            if (extent.End > end)
            {
                after.Add(extent.From(end));
                added.Add(extent.From(end));
            }
        }
    }

    private static ExtentMap? Join(Extent[][] chunks, int first, int last, List<Extent> rebuilt)
    {
        int pieces = (rebuilt.Count + ChunkSizeMax - 1) / ChunkSizeMax;

        // The last chunk is filled before the next begins, since files grow at their end; others are cut evenly.
        int size = last == chunks.Length || pieces == 0 ? ChunkSizeMax : (rebuilt.Count + pieces - 1) / pieces;
        var joined = new Extent[chunks.Length - (last - first) + pieces][];
        chunks.AsSpan(0, first).CopyTo(joined);
        for (int i = 0; i < pieces; i++)
        {
            joined[first + i] = [.. rebuilt.GetRange(i * size, Math.Min(size, rebuilt.Count - (i * size)))];
        }

        chunks.AsSpan(last).CopyTo(joined.AsSpan(first + pieces));
        return joined.Length switch
        {
            0 => null,
            1 when joined[0].Length == 1 => new ExtentMap(joined[0][0]),
            _ => new ExtentMap(joined),
        };
    }

    /// <summary>The last chunk that starts at or before a byte, else the first.</summary>
    private static int FirstChunk(Extent[][] chunks, long offset)
    {
        (int low, int high) = (0, chunks.Length - 1);
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = chunks[middle][0].Offset <= offset ? (middle, high) : (low, middle - 1);
        }

        return low;
    }
}
