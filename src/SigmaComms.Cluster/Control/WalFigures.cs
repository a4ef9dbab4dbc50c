namespace SigmaComms.Cluster.Control;

/// <summary>How the write-ahead log of a replica stands.</summary>
/// <param name="FirstRecord">The number of the first record that is kept.</param>
/// <param name="NextRecord">The number of the next one.</param>
/// <param name="Groups">How often it was made durable since it was made.</param>
/// <param name="Segments">Files.</param>
/// <param name="SegmentBytes">Bytes of one file.</param>
/// <param name="BlockBytes">Bytes of the stored blocks.</param>
public sealed record WalFigures(
    ulong FirstRecord, ulong NextRecord, ulong Groups, int Segments, int SegmentBytes, long BlockBytes);
