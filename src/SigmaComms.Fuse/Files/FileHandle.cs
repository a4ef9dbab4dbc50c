namespace SigmaComms.Fuse.Files;

/// <summary>What a filesystem gave out when it opened a file or directory.</summary>
/// <param name="Value">The filesystem's own number; the kernel only hands it back.</param>
public readonly record struct FileHandle(ulong Value);
