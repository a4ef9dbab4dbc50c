using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Transactions;

/// <summary>The only place at which an entry opens.</summary>
/// <param name="Vault">The vault.</param>
/// <param name="Writer">Who appended it.</param>
/// <param name="Sequence">Its number among the writer's.</param>
internal readonly record struct EntryPlace(Digest Vault, NodeId Writer, ulong Sequence);
