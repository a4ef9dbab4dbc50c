using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Transactions;

/// <summary>Entries of a log, and what the log says of itself. A client believes none of it unchecked.</summary>
/// <param name="Status">What became of the reading.</param>
/// <param name="First">The oldest entry that is kept.</param>
/// <param name="FirstHead">The hash chain before that.</param>
/// <param name="End">How many entries there are, and the hash chain over them.</param>
/// <param name="Entries">Entries from the one asked for on, perhaps not all.</param>
public sealed record LogRange(
    LogStatus Status, ulong First, Digest FirstHead, LogPosition End, IReadOnlyList<LogEntry> Entries);
