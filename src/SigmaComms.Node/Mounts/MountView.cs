namespace SigmaComms.Node.Mounts;

/// <summary>How a mount shows what is not in the vault's namespace.</summary>
/// <param name="Owner">Whom everything belongs to, where that was asked for.</param>
/// <param name="Room">Bytes that the storage nodes have for this vault's files, and those that are free.</param>
internal sealed record MountView((uint? Uid, uint? Gid) Owner, Func<(long Capacity, long Free)> Room);
