using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Vaults.Ordering;

/// <summary>What several validators show of a vault's stream.</summary>
/// <param name="Verdict">Whether it can be believed.</param>
/// <param name="Position">The longest that is certified.</param>
/// <param name="Answered">How many validators showed a proof that holds.</param>
/// <param name="Needed">How many must, so that one of them is honest whatever fewer than a third do.</param>
/// <param name="Detail">For people: what is wrong; empty if they agree.</param>
public sealed record QuorumFinding(
    QuorumVerdict Verdict, LogPosition Position, int Answered, int Needed, string Detail);
