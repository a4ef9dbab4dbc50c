using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Simulation.Faults;
using SigmaComms.Simulation.Nodes;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Runs;

/// <summary>
/// Draws a plan. Each has some kinds of faults only, so that rare ones are not always drowned by the common ones.
/// </summary>
/// <standard>A. Groce et al., Swarm Testing, ISSTA 2012.</standard>
internal static class PlanDrawing
{
    private static readonly TimeSpan FaultsFrom = TimeSpan.FromMilliseconds(60);

    private static readonly FaultKind[] Kinds = Enum.GetValues<FaultKind>();

    private static readonly LieKind[] Lies = Enum.GetValues<LieKind>();

    public static RunPlan Of(ulong seed, HostFlaw flaw = HostFlaw.None)
    {
        SimRandom random = new SimRandom(seed).Fork("plan");
        int validators = random.Pick((int[])[4, 4, 4, 4, 4, 4, 4, 5, 5, 7]);
        int spares = random.Percent(40) ? random.Between(1, 2) : 0;
        var duration = TimeSpan.FromMilliseconds(random.Between(1_500, 4_000));
        return new RunPlan
        {
            Seed = seed,
            Validators = validators,
            Spares = spares,
            Liars = DrawLiars(random, validators),
            Links = DrawLinks(random),
            Options = new NodeOptions
            {
                BlocksPerSnapshot = random.Pick((ulong[])[0, 0, 3, 8]),
                DiskRates = new FaultRates
                {
                    SyncFor = TimeSpan.FromMicroseconds(random.Pick((int[])[200, 1_000, 4_000])),
                    SlowFor = TimeSpan.FromMilliseconds(60),
                },
                Linger = TimeSpan.FromMilliseconds(random.Pick((int[])[0, 0, 5])),
                BundleFrom = new SimRandom(seed).Fork("bundle").Pick((int[])[1, 1, 8]),
                Flaw = flaw,
            },
            Clients = random.Between(2, 4),
            OperationsPerClient = random.Between(4, 8),
            ThinkMax = TimeSpan.FromMilliseconds(random.Pick((int[])[20, 200, 500])),
            Duration = duration,
            Faults = DrawFaults(random, validators + spares, (validators - 1) / 3, duration),
        };
    }

    private static List<(int Node, LieKind Kind)> DrawLiars(SimRandom random, int validators)
    {
        int faults = (validators - 1) / 3;
        int count = random.Percent(60) ? random.Between(1, faults) : 0;
        return [.. random.Shuffle(Enumerable.Range(0, validators)).Take(count)
            .Select(node => (node, random.Pick(Lies)))];
    }

    private static LinkProfile DrawLinks(SimRandom random) => new(
        TimeSpan.FromMilliseconds(1),
        TimeSpan.FromMilliseconds(random.Pick((int[])[4, 20, 80, 300])),
        random.Pick((int[])[0, 0, 5, 15, 30]),
        random.Pick((int[])[0, 0, 10]),
        random.Pick((int[])[0, 0, 4]),
        random.Percent(50));

    private static List<Fault> DrawFaults(SimRandom random, int nodes, int faultsMax, TimeSpan duration)
    {
        List<FaultKind> kinds = [.. random.Shuffle(Kinds).Take(random.Between(1, 8)), FaultKind.Restart];
        List<Fault> faults = [];
        for (int i = random.Between(2, 14); i > 0; i--)
        {
            faults.Add(Draw(random, random.Pick(kinds), nodes, faultsMax, random.Time(FaultsFrom, duration)));
        }

        faults.Sort((a, b) => a.At.CompareTo(b.At));
        return faults;
    }

    private static Fault Draw(SimRandom random, FaultKind kind, int nodes, int faultsMax, TimeSpan at)
    {
        int node = random.Below(nodes);
        int value = kind switch
        {
            FaultKind.Partition or FaultKind.Flap => random.Between(1, (1 << nodes) - 2),
            FaultKind.SlowLinks => random.Between(20, 600),
            FaultKind.CutAtEffect or FaultKind.KillAtEffect => random.Between(1, 60),
            FaultKind.CutAtDisk => random.Below(40),
            FaultKind.DiskError => random.Between(1, 30),
            FaultKind.Rot => random.Between(1, 6),
            FaultKind.OneWay => random.Below(2),
            FaultKind.ClockJump => random.Pick((int[])[-600_000, -3_000, -200, 200, 900, 5_000, 600_000]),
            _ => random.Between(50, 1_500),
        };

        // Clocks of more than f nodes far ahead would take the log with them, for as long as they are ahead.
        bool isFarAhead = kind == FaultKind.ClockJump && value > 500;
        return new Fault(at, kind, isFarAhead ? node % Math.Max(1, faultsMax) : node, value);
    }
}
