namespace SigmaComms.Fuse.Files;

/// <summary>
/// Who holds POSIX locks: the kernel's number for a table of open files, or for one open file with flock.
/// </summary>
/// <param name="Value">The number.</param>
public readonly record struct LockOwner(ulong Value);
