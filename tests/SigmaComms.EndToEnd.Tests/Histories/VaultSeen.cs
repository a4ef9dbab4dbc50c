using SigmaComms.Consensus.VaultCommands;

namespace SigmaComms.EndToEnd.Tests.Histories;

/// <summary>What a client is told of a vault.</summary>
/// <param name="Status">What became of an append; of a read done.</param>
/// <param name="Number">How many entries there are, or which number of the writer's is expected.</param>
/// <param name="Last">Of a read the last entry, 0 if there is none.</param>
internal sealed record VaultSeen(VaultStatus Status, ulong Number, ulong Last = 0);
