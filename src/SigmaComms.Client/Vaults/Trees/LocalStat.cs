namespace SigmaComms.Client.Vaults.Trees;

/// <summary>What this machine's disk says of a path, links not followed.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Mode">The lower 12 bits of its mode.</param>
/// <param name="Uid">Its owner; 0 where the system has no numbers for owners.</param>
/// <param name="Gid">Its group; 0 where the system has none.</param>
/// <param name="ModifiedAt">When its content changed, in nanoseconds since 1970.</param>
internal readonly record struct LocalStat(LocalKind Kind, ushort Mode, uint Uid, uint Gid, long ModifiedAt);
