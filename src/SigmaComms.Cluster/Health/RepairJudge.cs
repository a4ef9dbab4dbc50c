using SigmaComms.Actors.Health;
using SigmaComms.Cluster.Storage;
using static System.FormattableString;

namespace SigmaComms.Cluster.Health;

/// <summary>Judges whether what other nodes lost is rebuilt by this one. Pure.</summary>
internal static class RepairJudge
{
    /// <summary>The name of the check.</summary>
    public const string Name = "repair";

    /// <summary>What is to say of it; nothing of a node that keeps no fragments.</summary>
    public static IReadOnlyList<Finding> Judge(NodeHealth node) =>
        node.Storage is null or { State: StorageState.Empty } && node.RepairWaiting + node.RepairOpen == 0
            ? []
            : [Of(node)];

    private static Finding Of(NodeHealth node)
    {
        string detail = Invariant($"{node.RepairWaiting} stripes wait for repair, ")
            + Invariant($"{node.RepairOpen} cannot be made whole");
        return node switch
        {
            { RepairOpen: > 0 } => new Finding(
                Name, "not_whole", Verdict.Degraded, detail,
                Invariant($"{node.RepairOpen} stripes are short of fragments: start the storage nodes that are away, ")
                    + "or add one; users see by sigma vault verify what is concerned"),
            { RepairWaiting: > 0 } => new Finding(
                Name, "behind", Verdict.Degraded, detail,
                "wait: it is being rebuilt; until then fewer nodes may be lost than otherwise"),
            _ => new Finding(Name, "ok", Verdict.Healthy, detail),
        };
    }
}
