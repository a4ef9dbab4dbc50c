namespace SigmaComms.Transport.Links;

/// <summary>How much of fragments may be on its way over one link at once; more waits.</summary>
/// <param name="ShortPuts">Fragments of one part that are being put.</param>
/// <param name="LongPuts">Fragments of several parts that are being put.</param>
/// <param name="Reads">Parts that are being read.</param>
public sealed record FragmentWindow(int ShortPuts, int LongPuts, int Reads)
{
    /// <summary>Of a link that carries nothing but fragments: up to 32 MiB, what a node takes of one link.</summary>
    public static FragmentWindow Whole { get; } = new(16, 2, 16);

    /// <summary>Of a link that others use too: up to 12 MiB.</summary>
    public static FragmentWindow Shared { get; } = new(4, 1, 4);
}
