namespace SigmaComms.Fuse.Files;

/// <summary>A lock that is asked for or asked about.</summary>
/// <param name="Handle">The open file.</param>
/// <param name="Owner">Who.</param>
/// <param name="Range">What.</param>
/// <param name="IsFlock">
/// Whether flock(2) asks, whose locks belong to the open file and know nothing of the others.
/// </param>
public readonly record struct LockRequest(FileHandle Handle, LockOwner Owner, LockRange Range, bool IsFlock);
