using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Ledgers;

/// <summary>What became of one command of a block.</summary>
/// <param name="Client">The session.</param>
/// <param name="Sequence">Its number in the session.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reply">
/// The machine's reply, at most 4,096 bytes; if <see cref="CommandOutcome.ReplyForgotten"/>, its 32-byte digest or
/// nothing; if <see cref="CommandOutcome.ClockAhead"/>, the log's time.
/// </param>
public readonly record struct CommandResult(
    Digest Client, ulong Sequence, CommandOutcome Outcome, ReadOnlyMemory<byte> Reply);
