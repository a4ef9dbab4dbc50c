using SigmaComms.Cryptography;

namespace SigmaComms.Client.Vaults;

/// <summary>A vault as the cluster knows it.</summary>
/// <param name="Vault">Its id.</param>
/// <param name="Owner">The device that made it.</param>
/// <param name="Entries">How many entries its log has had.</param>
/// <param name="Writers">How many devices may write, the owner among them.</param>
public sealed record VaultSummary(Digest Vault, NodeId Owner, ulong Entries, int Writers);
