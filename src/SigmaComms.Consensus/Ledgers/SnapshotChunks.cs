namespace SigmaComms.Consensus.Ledgers;

/// <summary>Cuts a snapshot that is made part by part into chunks, each to be stored and sent alone.</summary>
public static class SnapshotChunks
{
    /// <summary>Bytes of a chunk: 1 MiB; the last one may be shorter.</summary>
    public const int SizeBytes = 1 << 20;

    /// <summary>The chunks, each made when it is asked for; every time anew, of the same bytes.</summary>
    /// <param name="parts">The parts in their order.</param>
    public static IEnumerable<ReadOnlyMemory<byte>> Of(IEnumerable<ReadOnlyMemory<byte>> parts)
    {
        byte[] chunk = new byte[SizeBytes];
        int filled = 0;
        foreach (ReadOnlyMemory<byte> part in parts)
        {
            ReadOnlyMemory<byte> rest = part;
            while (rest.Length > 0)
            {
                int taken = Math.Min(rest.Length, SizeBytes - filled);
                rest[..taken].CopyTo(chunk.AsMemory(filled));
                rest = rest[taken..];
                filled += taken;
                if (filled == SizeBytes)
                {
                    yield return chunk;
                    chunk = new byte[SizeBytes];
                    filled = 0;
                }
            }
        }

        if (filled > 0)
        {
            yield return chunk.AsMemory(0, filled);
        }
    }
}
