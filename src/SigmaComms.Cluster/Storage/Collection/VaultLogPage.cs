namespace SigmaComms.Cluster.Storage.Collection;

/// <summary>Entries of a vault's log, as it was at one moment.</summary>
/// <param name="First">The index of the first one here: the one that was asked for, or the oldest that is kept.</param>
/// <param name="Contents">What writers put into them, in order; none if there are no more.</param>
internal sealed record VaultLogPage(ulong First, IReadOnlyList<ReadOnlyMemory<byte>> Contents);
