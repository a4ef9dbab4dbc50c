using SigmaComms.Consensus;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control;

/// <summary>What became of one command.</summary>
/// <param name="Verdict">Whether it is final, or why not.</param>
/// <param name="Outcome">What the log did with it; only if final.</param>
/// <param name="Reply">The state machine's reply; only if final.</param>
/// <param name="Height">The last final block when it was answered; only if final.</param>
/// <param name="Client">The session under which it was ordered.</param>
/// <param name="Sequence">Its number in the session.</param>
/// <param name="Detail">For people, why it is not final.</param>
public sealed record CommandAnswer(
    ControlVerdict Verdict,
    CommandOutcome Outcome,
    ReadOnlyMemory<byte> Reply,
    Height Height,
    Digest Client,
    ulong Sequence,
    string Detail)
{
    /// <summary>Whether a state machine executed it, now or at an earlier call.</summary>
    public bool IsExecuted => Verdict == ControlVerdict.Final
        && Outcome is CommandOutcome.Executed or CommandOutcome.Repeated or CommandOutcome.ReplyForgotten;

    /// <summary>An answer to a command that is not final.</summary>
    /// <param name="verdict">Why.</param>
    /// <param name="detail">Why, for people.</param>
    public static CommandAnswer Refused(ControlVerdict verdict, string detail) =>
        new(verdict, CommandOutcome.None, default, default, default, 0, detail);
}
