using SigmaComms.Cluster.Control.Guards;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Membership;
using SigmaComms.Simulation.Nodes;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Faults;

/// <summary>Makes things go wrong, and in the end right again. It never makes more nodes faulty than f.</summary>
internal sealed class Nemesis(World world)
{
    private readonly SimRandom _random = world.Random.Fork("nemesis");
    private readonly Operator _operator = new(world);
    private readonly Dictionary<SimNode, DiskTrouble> _troubles = [];
    private bool _isPeace;

    public void Do(Fault fault)
    {
        if (_isPeace)
        {
            return;
        }

        world.Trace.Note(fault.Node, fault.Kind.ToString(), (ulong)Math.Abs(fault.Value));
        SimNode node = world.Nodes[fault.Node];
        _ = TryOnLinks(fault, node) || TryOnProcess(fault, node) || TryOnDisk(fault, node) || TryOnMembers(fault, node);
    }

    /// <summary>Everything works from now on.</summary>
    public void Pacify()
    {
        world.Trace.Note(-1, "peace");
        _isPeace = true;
        world.Network.Profile = LinkProfile.Calm;
        world.Network.Heal();
        foreach (SimNode node in world.Nodes)
        {
            node.CrashAtEffect = null;
            node.PausedUntil = default;
            node.ClockOffset = default;
            node.Disk.CutAt = null;
            node.Disk.Plan = null;
            node.Boot();
        }
    }

    private bool TryOnLinks(Fault fault, SimNode node)
    {
        switch (fault.Kind)
        {
            case FaultKind.Partition:
                world.Network.Heal();
                Cut((from, to) => ((fault.Value >> from) & 1) != ((fault.Value >> to) & 1));
                return true;
            case FaultKind.Isolate:
                Cut((from, to) => from == node.Number || to == node.Number);
                return true;
            case FaultKind.OneWay:
                Cut((from, to) => (fault.Value % 2 == 0 ? from : to) == node.Number);
                return true;
            case FaultKind.Flap:
                Flap(fault, times: 6);
                return true;
            case FaultKind.SlowLinks:
                Each((from, to) => from == node.Number || to == node.Number, (from, to) =>
                    world.Network.Slow(from, to, TimeSpan.FromMilliseconds(fault.Value)));
                return true;
            case FaultKind.Heal:
                world.Network.Heal();
                return true;
            default:
                return false;
        }
    }

    private bool TryOnProcess(Fault fault, SimNode node)
    {
        switch (fault.Kind)
        {
            case FaultKind.Kill or FaultKind.PowerCut when node.IsUp:
                node.Crash(isPowerCut: fault.Kind == FaultKind.PowerCut);
                return true;
            case FaultKind.CutAtEffect or FaultKind.KillAtEffect:
                node.IsNextCrashAKill = fault.Kind == FaultKind.KillAtEffect;
                node.CrashAtEffect = node.EffectCount + fault.Value;
                return true;
            case FaultKind.CutAtDisk:
                node.IsNextCrashAKill = false;
                node.Disk.CutAt = node.Disk.ChangeCount + fault.Value;
                return true;
            case FaultKind.Restart:
                BootAll();
                return true;
            case FaultKind.Blackout:
                foreach (SimNode dark in world.Nodes.Where(dark => dark.IsUp))
                {
                    dark.Crash(isPowerCut: true);
                }

                world.Schedule.After(TimeSpan.FromMilliseconds(fault.Value), BootAll);
                return true;
            case FaultKind.Pause:
                node.PausedUntil = world.Schedule.Now + TimeSpan.FromMilliseconds(fault.Value);
                return true;
            case FaultKind.ClockJump:
                node.ClockOffset += TimeSpan.FromMilliseconds(fault.Value);
                return true;
            default:
                return false;
        }
    }

    private bool TryOnDisk(Fault fault, SimNode node)
    {
        TimeSpan until = world.Schedule.Now + TimeSpan.FromMilliseconds(fault.Value);
        switch (fault.Kind)
        {
            case FaultKind.FullDisk:
                TroubleOf(node).FullUntil = until;
                return true;
            case FaultKind.SlowDisk:
                TroubleOf(node).SlowUntil = until;
                return true;
            case FaultKind.DiskError:
                TroubleOf(node).FailIn(fault.Value);
                return true;
            case FaultKind.LyingDisk when TrySpoil(node):
                TroubleOf(node).LyingUntil = until;
                return true;
            case FaultKind.Rot when TrySpoil(node):
                Rot(node, fault.Value);
                return true;
            case FaultKind.Amnesia when TrySpoil(node):
                _troubles.Remove(node);
                node.LoseDisk();
                world.Schedule.After(TimeSpan.FromMilliseconds(200), node.Boot);
                return true;
            default:
                return false;
        }
    }

    private bool TryOnMembers(Fault fault, SimNode node)
    {
        bool votes = world.Oracle.Newest.TryIndexOf(node.Id, out _);
        switch (fault.Kind)
        {
            case FaultKind.Admit when !votes && !node.IsSpoiled:
                _operator.Order(new MembershipChange.Admit(node.Identity.Request(node.Incarnation)));
                return true;
            case FaultKind.Leave when votes && !node.IsByzantine:
                node.WantsToLeave = true;
                return true;
            case FaultKind.Evict when votes && IsFaulty(node):
                _operator.Order(new MembershipChange.Evict(node.Id));
                return true;
            case FaultKind.EndEpoch:
                _operator.Order(new MembershipChange.EndEpoch(world.Oracle.Newest.Epoch));
                return true;
            default:
                return false;
        }
    }

    private static bool IsFaulty(SimNode node) => node.IsByzantine || node.IsSpoiled;

    /// <summary>Whether one more may be faulty; those that vote now and those that may soon are counted.</summary>
    private bool TrySpoil(SimNode node)
    {
        ValidatorSet set = world.Oracle.Newest;
        if (node.IsByzantine)
        {
            return false;
        }

        int others = world.Nodes.Where(other => IsFaulty(other) && other.Id != node.Id)
            .Select(other => other.Id).Distinct().Count();
        bool isAllowed = node.IsSpoiled || others < set.FaultsMax;
        node.IsSpoiled |= isAllowed;
        return isAllowed;
    }

    private void Rot(SimNode node, int bits)
    {
        string[] names = [.. node.Disk.ListNames().Where(name => node.Disk.BytesOf(name).Length > 0)];
        for (int i = 0; i < bits && names.Length > 0; i++)
        {
            // Most of a log's file is still zeros: what was written is near the beginning.
            string name = _random.Percent(30) && names.Contains(VoteGuard.FileName)
                ? VoteGuard.FileName : _random.Pick(names);
            int written = 1 + Array.FindLastIndex(node.Disk.BytesOf(name), value => value != 0);
            if (written > 0 && node.Disk.DurableSizeOf(name) >= written)
            {
                node.Disk.Rot(name, _random.Below(written), (byte)(1 << _random.Below(8)));
            }
        }
    }

    private DiskTrouble TroubleOf(SimNode node)
    {
        if (!_troubles.TryGetValue(node, out DiskTrouble? trouble))
        {
            _troubles[node] = trouble = new DiskTrouble(node, _random);
        }

        return trouble;
    }

    private void Flap(Fault fault, int times)
    {
        if (_isPeace || times == 0)
        {
            return;
        }

        if (times % 2 == 0)
        {
            Cut((from, to) => ((fault.Value >> from) & 1) != ((fault.Value >> to) & 1));
        }
        else
        {
            world.Network.Heal();
        }

        world.Schedule.After(TimeSpan.FromMilliseconds(130), () => Flap(fault, times - 1));
    }

    private void BootAll()
    {
        foreach (SimNode node in world.Nodes)
        {
            node.Boot();
        }
    }

    private void Cut(Func<int, int, bool> isCut) => Each(isCut, world.Network.Cut);

    private void Each(Func<int, int, bool> isMeant, Action<int, int> action)
    {
        for (int from = 0; from < world.Nodes.Count; from++)
        {
            for (int to = 0; to < world.Nodes.Count; to++)
            {
                if (from != to && isMeant(from, to))
                {
                    action(from, to);
                }
            }
        }
    }
}
