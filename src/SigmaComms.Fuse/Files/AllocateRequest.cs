namespace SigmaComms.Fuse.Files;

/// <summary>A range that fallocate(2) is about.</summary>
/// <param name="Handle">The open file.</param>
/// <param name="Offset">Where it begins.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Options">What is to be done.</param>
public readonly record struct AllocateRequest(
    FileHandle Handle, ulong Offset, ulong Length, AllocateOptions Options);
