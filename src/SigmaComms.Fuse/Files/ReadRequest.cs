namespace SigmaComms.Fuse.Files;

/// <summary>What is to be read; the room for it says how much at most.</summary>
/// <param name="Handle">The open file.</param>
/// <param name="Offset">Where, in bytes.</param>
/// <param name="Flags">Flags of the open file, as Linux numbers them.</param>
public readonly record struct ReadRequest(FileHandle Handle, ulong Offset, uint Flags);
