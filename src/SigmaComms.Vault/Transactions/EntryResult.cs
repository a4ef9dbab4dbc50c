using SigmaComms.Cryptography;
using SigmaComms.Vault.Namespace;

namespace SigmaComms.Vault.Transactions;

/// <summary>What became of an entry.</summary>
/// <param name="Index">Its place.</param>
/// <param name="Writer">Who appended it.</param>
/// <param name="Sequence">Its number among the writer's.</param>
/// <param name="Outcome">What it did.</param>
/// <param name="Batch">Of a batch: which operation failed, and why.</param>
public readonly record struct EntryResult(
    ulong Index, NodeId Writer, ulong Sequence, EntryOutcome Outcome, BatchOutcome Batch);
