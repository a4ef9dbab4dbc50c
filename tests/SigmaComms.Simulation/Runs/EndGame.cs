using SigmaComms.Consensus;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Simulation.Checks;
using SigmaComms.Simulation.Clients;
using SigmaComms.Simulation.Linearizability;
using SigmaComms.Simulation.Nodes;
using SigmaComms.Simulation.Registers;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Runs;

/// <summary>What must hold once everything works again.</summary>
internal sealed class EndGame(World world, IReadOnlyList<SimClient> clients)
{
    private const int SegmentsMax = 40;

    /// <summary>The longest time-out: D0 x 1.5^8.</summary>
    private static readonly TimeSpan DelayMax = World.Delay * 25.63;

    public void Play()
    {
        int faults = world.Oracle.Newest.FaultsMax;
        TimeSpan bound = 12 * DelayMax * (faults + 1);
        SimClient last = clients[0];
        TimeSpan end = world.Schedule.Now + bound;
        world.Schedule.RunUntil(end, () => !last.IsWaiting);
        last.AskOnce();
        bool isLive = world.Schedule.RunUntil(end, () => clients.All(client => client.IsDone) && IsSettled());
        Oracle.Require(isLive, "peace brings finality", Describe());
        CheckMembers();
        CheckHistories();
    }

    // Everybody honest who votes has all that is final; all that wait for nothing more.
    private bool IsSettled()
    {
        Height height = world.Oracle.FinalHeight;
        foreach (Validator validator in world.Oracle.Newest.Members)
        {
            foreach (SimNode node in world.NodesOf(validator.Node))
            {
                if (!node.IsByzantine && !node.IsSpoiled && node.Host?.Replica.FinalHeight != height)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private void CheckMembers()
    {
        foreach (SimNode node in world.Honest.Where(node => node.Host is not null))
        {
            Oracle.Require(
                node.Host!.LogSegments <= SegmentsMax, "the log is bounded", $"node {node.Number}");
            var membership = (MembershipState)node.Host.Replica.FinalLedger.StateOf(MachineIds.Membership)!;
            foreach (SimNode other in world.Honest.Where(other => !other.IsSpoiled))
            {
                Oracle.Require(
                    membership.Find(other.Id)?.Reason != EvictionReason.Convicted,
                    "nobody honest is convicted", $"node {other.Number}");
            }
        }
    }

    private void CheckHistories()
    {
        foreach (IGrouping<byte, Operation<RegisterOperation, ulong>> history in clients
            .SelectMany(client => client.History).GroupBy(operation => operation.Input.Register))
        {
            LinearizabilityChecker<ulong, RegisterOperation, ulong> checker = new(
                0, (before, operation) => operation.Apply(before));
            Verdict verdict = checker.Check([.. history]);
            Oracle.Require(
                verdict != Verdict.NotLinearizable, "histories are linearizable",
                string.Join('\n', history.OrderBy(operation => operation.Invoked)));
        }
    }

    private string Describe() => string.Join('\n', world.Nodes.Select(node => node.Host is ReplicaHost host
        ? $"node {node.Number}: epoch {host.Replica.Epoch}, view {host.Replica.View}, height "
            + $"{host.Replica.FinalHeight}, votes {host.Replica.IsVoting}, waiting {host.Replica.WaitingGroups}"
        : $"node {node.Number} is down")) + $"\nfinal {world.Oracle.FinalHeight}, clients waiting: "
        + string.Join(' ', clients.Where(client => !client.IsDone).Select(client => client.Number));
}
