using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Simulation.Nodes;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Faults;

/// <summary>Troubles of one disk, each until a time.</summary>
internal sealed class DiskTrouble
{
    private readonly SimRandom _random;
    private readonly Schedule _schedule;
    private int _errorIn;

    public DiskTrouble(SimNode node, SimRandom random)
    {
        (_random, _schedule) = (random, node.World.Schedule);
        node.Disk.Plan = Meet;
    }

    public TimeSpan FullUntil { get; set; }

    public TimeSpan SlowUntil { get; set; }

    public TimeSpan LyingUntil { get; set; }

    /// <summary>After so many writes and syncs one fails.</summary>
    public void FailIn(int operations) => _errorIn = operations;

    private DiskFault Meet(DiskOperation operation, string name)
    {
        TimeSpan now = _schedule.Now;
        bool isWrite = operation == DiskOperation.Write;
        if (now < FullUntil && (isWrite || operation == DiskOperation.Create))
        {
            return DiskFault.NoSpace;
        }

        if (now < LyingUntil && isWrite && _random.Percent(30))
        {
            return _random.Percent(50) ? DiskFault.Lose : DiskFault.Misdirect;
        }

        if (operation is DiskOperation.Write or DiskOperation.Sync && _errorIn > 0 && --_errorIn == 0)
        {
            return DiskFault.Error;
        }

        return now < SlowUntil && operation == DiskOperation.Sync && _random.Percent(40)
            ? DiskFault.Slow : DiskFault.None;
    }
}
