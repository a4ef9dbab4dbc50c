using CertifiedVault = SigmaComms.Consensus.VaultCommands.VaultSummary;

namespace SigmaComms.Client.Vaults.Ordering;

/// <summary>What several validators certify of a vault's stream.</summary>
/// <param name="IsEnough">Whether so many answered that one of them is honest.</param>
/// <param name="Summary">The longest that is certified; null if there is no such vault.</param>
/// <param name="Answered">How many validators showed a proof that holds.</param>
/// <param name="Needed">How many must.</param>
internal sealed record VaultFinding(bool IsEnough, CertifiedVault? Summary, int Answered, int Needed);
