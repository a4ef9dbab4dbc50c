namespace SigmaComms.Vault.Transactions;

/// <summary>What became of following the log.</summary>
/// <param name="Status">What the log answered.</param>
/// <param name="Fault">What it did that no honest log does; then the session stays where it is for good.</param>
/// <param name="IsBehind">Whether the log has dropped entries this session has not seen: a snapshot is needed.</param>
public readonly record struct SyncResult(LogStatus Status, LogFault Fault, bool IsBehind)
{
    /// <summary>Whether all entries there are were applied.</summary>
    public bool IsCurrent => Status == LogStatus.Done && Fault == LogFault.None && !IsBehind;
}
