using SigmaComms.Vault.Namespace;

namespace SigmaComms.Vault.Transactions;

/// <summary>What became of a commit.</summary>
/// <param name="Status">In one word.</param>
/// <param name="Batch">With a conflict: which operation failed, and why.</param>
/// <param name="Refusal">If the log refused it: why.</param>
/// <param name="Fault">With a fault: which.</param>
public readonly record struct CommitResult(
    CommitStatus Status, BatchOutcome Batch = default, LogStatus Refusal = default, LogFault Fault = default)
{
    /// <summary>Whether it counts.</summary>
    public bool Succeeded => Status == CommitStatus.Committed;
}
