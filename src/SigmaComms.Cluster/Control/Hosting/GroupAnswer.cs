using SigmaComms.Consensus;
using SigmaComms.Consensus.Ledgers;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>What became of a group of commands.</summary>
/// <param name="Verdict">Whether it is final, or why not.</param>
/// <param name="Results">One for each command if it is final, else none.</param>
/// <param name="Height">The last final block.</param>
/// <param name="Detail">For people, why it is not final.</param>
internal sealed record GroupAnswer(
    ControlVerdict Verdict, IReadOnlyList<CommandResult> Results, Height Height, string Detail)
{
    /// <summary>An answer to a group that is not final.</summary>
    public static GroupAnswer Refused(ControlVerdict verdict, string detail) => new(verdict, [], default, detail);
}
