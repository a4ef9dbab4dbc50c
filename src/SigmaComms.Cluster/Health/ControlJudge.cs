using SigmaComms.Actors.Health;
using SigmaComms.Cluster.Control;
using static System.FormattableString;

namespace SigmaComms.Cluster.Health;

/// <summary>Judges a node's part in the control log. Pure.</summary>
internal static class ControlJudge
{
    /// <summary>The name of the check.</summary>
    public const string Name = "control";

    private const ulong LagMax = 1_024;
    private static readonly TimeSpan Stalled = TimeSpan.FromSeconds(30);

    /// <summary>What is to say of it.</summary>
    public static Finding Judge(ControlStatus status)
    {
        string detail = Invariant(
            $"epoch {status.Epoch.Value}, view {status.View.Value}, height {status.Height.Value}, lag {status.Lag}, ")
            + Invariant($"{status.WaitingGroups} groups wait, voting: {(status.IsVoting ? "yes" : "no")}");
        return status switch
        {
            { State: ControlState.Halted } => new Finding(
                Name, "halted", Verdict.Unhealthy, $"{status.Detail}; {detail}",
                "keep the control folder, it shows what happened, and ask for help; restarting does not mend it"),
            { State: ControlState.DiskFailing } => new Finding(
                Name, "disk_failing", Verdict.Degraded, $"{status.Detail}; {detail}",
                "make room for the control folder or mend its disk; the replica goes on by itself"),
            { State: ControlState.Opening } => new Finding(
                Name, "opening", Verdict.Degraded, detail, "wait: the replica reads its log"),
            { IsVoting: false, IsValidator: true } => new Finding(
                Name, "not_voting", Verdict.Degraded, $"{status.NotVotingBecause}; {detail}",
                "wait for the next epoch, or have it ended: sigma control propose"),
            { StalledFor: var waits } when waits >= Stalled => new Finding(
                Name, "stalled", Verdict.Unhealthy,
                Invariant($"no block became final for {waits.TotalSeconds:F0} s although commands wait; {detail}"),
                Invariant($"a quorum of the {status.Validators.Count} validators must run and reach each other")),
            { Lag: > LagMax } => new Finding(
                Name, "behind", Verdict.Degraded, detail, "it catches up by itself; if not, look at links and disk"),
            _ => new Finding(Name, "ok", Verdict.Healthy, detail),
        };
    }
}
