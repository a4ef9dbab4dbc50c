namespace SigmaComms.Vault.Transactions;

/// <summary>The answer to an append.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Number">If done, the entry's index; if the number was wrong, the one expected.</param>
public readonly record struct LogAppend(LogStatus Status, ulong Number);
