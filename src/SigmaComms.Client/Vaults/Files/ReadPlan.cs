namespace SigmaComms.Client.Vaults.Files;

/// <summary>What it takes to read a range of a file: bytes at hand, or stripes and holes between them.</summary>
/// <param name="Path">The file's path.</param>
/// <param name="Inode">The file.</param>
/// <param name="Version">Its version when the plan was made.</param>
/// <param name="Offset">The first byte.</param>
/// <param name="Length">How many bytes.</param>
/// <param name="Inline">The range itself, if it lives in the namespace; else empty.</param>
/// <param name="Pieces">Parts of stripes, ascending; what they do not cover is zeros.</param>
internal sealed record ReadPlan(
    VaultPath Path,
    ulong Inode,
    ulong Version,
    long Offset,
    long Length,
    ReadOnlyMemory<byte> Inline,
    IReadOnlyList<ReadPiece> Pieces);
