namespace SigmaComms.Fuse.Files;

/// <summary>A range of a file, locked or to be locked.</summary>
/// <param name="Start">First byte.</param>
/// <param name="End">Last byte; 2^63 - 1 stands for the end of any file.</param>
/// <param name="Kind">How.</param>
/// <param name="ProcessId">By which process.</param>
public readonly record struct LockRange(ulong Start, ulong End, LockKind Kind, uint ProcessId);
