namespace SigmaComms.Fuse.Files;

/// <summary>The last descriptor of an open file or directory is closed.</summary>
/// <param name="Handle">The open file.</param>
/// <param name="Owner">Whose flock ends with it, if <paramref name="UnlocksFlock"/>.</param>
/// <param name="UnlocksFlock">Whether a lock of flock(2) is to be given back.</param>
public readonly record struct ReleaseRequest(FileHandle Handle, LockOwner Owner, bool UnlocksFlock);
