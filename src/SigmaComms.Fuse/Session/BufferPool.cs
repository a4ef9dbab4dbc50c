namespace SigmaComms.Fuse.Session;

/// <summary>Buffers of two sizes that are used again. Keeps a few; what is more is left to the collector.</summary>
internal sealed class BufferPool(int largeBytes)
{
    private const int MediumBytes = (128 * 1024) + 4096;
    private const int MediumKept = 64;
    private const int LargeKept = 16;
    private readonly Lock _lock = new();
    private readonly Stack<PinnedBuffer> _medium = new(MediumKept);
    private readonly Stack<PinnedBuffer> _large = new(LargeKept);

    /// <summary>The size of the large ones, which hold any request.</summary>
    public int LargeBytes { get; } = Math.Max(largeBytes, MediumBytes);

    public PinnedBuffer Rent(int sizeBytes)
    {
        bool medium = sizeBytes <= MediumBytes;
        lock (_lock)
        {
            if ((medium ? _medium : _large).TryPop(out PinnedBuffer? kept))
            {
                return kept;
            }
        }

        return new PinnedBuffer(medium ? MediumBytes : LargeBytes);
    }

    public void Return(PinnedBuffer buffer)
    {
        bool medium = buffer.Bytes.Length == MediumBytes;
        lock (_lock)
        {
            Stack<PinnedBuffer> kept = medium ? _medium : _large;
            if (kept.Count < (medium ? MediumKept : LargeKept))
            {
                kept.Push(buffer);
            }
        }
    }
}
