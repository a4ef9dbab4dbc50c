namespace SigmaComms.Cluster.Tests.Control.Disks;

/// <summary>The bytes of one file: as the page cache has them, and as they are on the platter.</summary>
internal sealed class FaultyContent
{
    public byte[] Cached { get; private set; } = [];

    public byte[] Durable { get; private set; } = [];

    /// <summary>What was written and not synced, in order: where, what, and its place among all of the disk.</summary>
    public List<(long Order, long Offset, byte[] Bytes)> Unsynced { get; } = [];

    public void SetAside(long sizeBytes) => Cached = new byte[sizeBytes];

    public void Write(long order, long offset, ReadOnlySpan<byte> bytes)
    {
        Put(bytes, offset);
        Unsynced.Add((order, offset, bytes.ToArray()));
    }

    /// <summary>Only readers see it.</summary>
    public void WriteToCache(long offset, ReadOnlySpan<byte> bytes) => Put(bytes, offset);

    public void Sync()
    {
        Durable = Sized(Durable, Cached.Length);
        foreach ((_, long offset, byte[] bytes) in Unsynced)
        {
            Keep(offset, bytes);
        }

        Unsynced.Clear();
    }

    /// <summary>Some of what was not synced happens to be on the platter.</summary>
    public void Keep(long offset, ReadOnlySpan<byte> bytes)
    {
        Durable = Sized(Durable, Math.Max(Durable.Length, checked((int)(offset + bytes.Length))));
        bytes.CopyTo(Durable.AsSpan((int)offset));
    }

    /// <summary>The size is on the platter even if no byte is.</summary>
    public void KeepSize() => Durable = Sized(Durable, Math.Max(Durable.Length, Cached.Length));

    public void Restart()
    {
        Unsynced.Clear();
        Cached = [.. Durable];
    }

    public void Flip(long offset, byte mask)
    {
        Durable[offset] ^= mask;
        Cached[offset] ^= mask;
    }

    public FaultyContent Copy()
    {
        FaultyContent copy = new() { Cached = [.. Cached], Durable = [.. Durable] };
        copy.Unsynced.AddRange(Unsynced);
        return copy;
    }

    private void Put(ReadOnlySpan<byte> bytes, long offset)
    {
        Cached = Sized(Cached, Math.Max(Cached.Length, checked((int)(offset + bytes.Length))));
        bytes.CopyTo(Cached.AsSpan((int)offset));
    }

    private static byte[] Sized(byte[] bytes, int sizeBytes)
    {
        Array.Resize(ref bytes, sizeBytes);
        return bytes;
    }
}
