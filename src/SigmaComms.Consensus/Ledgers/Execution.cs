namespace SigmaComms.Consensus.Ledgers;

/// <summary>What executing a block's commands gave.</summary>
/// <param name="Ledger">The state after them.</param>
/// <param name="Results">One for each command, in the order of the body.</param>
public readonly record struct Execution(Ledger Ledger, IReadOnlyList<CommandResult> Results);
