namespace SigmaComms.Cluster.Attachments;

/// <summary>Sets of chunks as they travel: one bit for each, lowest first.</summary>
internal static class ChunkBits
{
    /// <summary>Whether the bits are of so many chunks: the right length, and none set behind the last.</summary>
    public static bool AreFor(uint count, ReadOnlySpan<byte> bits) =>
        bits.Length == (count + 7) / 8 && (count % 8 == 0 || bits[^1] >> (int)(count % 8) == 0);

    /// <summary>The chunks of one set that are not in the other; both have one length.</summary>
    public static byte[] Without(ReadOnlySpan<byte> bits, ReadOnlySpan<byte> others)
    {
        byte[] left = new byte[bits.Length];
        for (int i = 0; i < left.Length; i++)
        {
            left[i] = (byte)(bits[i] & ~others[i]);
        }

        return left;
    }

    /// <summary>The numbers of the chunks in a set.</summary>
    public static IEnumerable<uint> Numbers(ReadOnlyMemory<byte> bits)
    {
        for (uint i = 0; i < bits.Length * 8; i++)
        {
            if ((bits.Span[(int)i / 8] >> (int)(i % 8) & 1) != 0)
            {
                yield return i;
            }
        }
    }
}
