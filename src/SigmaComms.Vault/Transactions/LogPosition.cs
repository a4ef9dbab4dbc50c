using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Transactions;

/// <summary>How far a log was followed. A client keeps the highest one, so that nobody can show it less.</summary>
/// <param name="Count">The entries before it.</param>
/// <param name="Head">The hash chain over them.</param>
public readonly record struct LogPosition(ulong Count, Digest Head);
