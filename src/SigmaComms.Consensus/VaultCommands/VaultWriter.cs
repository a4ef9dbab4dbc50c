namespace SigmaComms.Consensus.VaultCommands;

/// <summary>Somebody who may or might append to a vault.</summary>
/// <param name="Last">The number of its last entry; kept when it is removed, so that no number is used twice.</param>
/// <param name="MayWrite">Whether it may append now.</param>
public readonly record struct VaultWriter(ulong Last, bool MayWrite);
