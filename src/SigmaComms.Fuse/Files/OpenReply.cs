namespace SigmaComms.Fuse.Files;

/// <summary>What was opened.</summary>
/// <param name="Handle">The filesystem's number for it.</param>
/// <param name="Options">How the kernel is to treat it.</param>
public readonly record struct OpenReply(FileHandle Handle, OpenOptions Options);
