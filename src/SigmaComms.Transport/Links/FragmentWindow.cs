namespace SigmaComms.Transport.Links;

/// <summary>How much of fragments may be on its way over one link at once; more waits.</summary>
/// <param name="PutBytes">Bytes of fragments that are being put; a longer fragment goes alone.</param>
/// <param name="ReadBytes">Bytes of parts that are being read.</param>
public sealed record FragmentWindow(long PutBytes, long ReadBytes)
{
    /// <summary>Of a link that carries nothing but fragments: less than a node takes of one link.</summary>
    public static FragmentWindow Whole { get; } = new(16L << 20, 8L << 20);

    /// <summary>Of a link that others use too.</summary>
    public static FragmentWindow Shared { get; } = new(8L << 20, 2L << 20);
}
