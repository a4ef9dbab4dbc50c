using System.Diagnostics;
using System.Globalization;
using SigmaComms.Simulation.Runs;

namespace SigmaComms.Simulation;

/// <summary>./build.sh sim: plays one seed twice, or many seeds for some minutes.</summary>
internal static class Program
{
    private const string Usage = """
        usage: ./build.sh sim [SEED] [--minutes N] [--first SEED] [--shorten] [--messages] [--plant FAULT]
               ./build.sh sim --bytes

        A whole cluster of the control log on one thread: real replicas, logs and guards, and a network, clocks, disks
        and clients that are all drawn from one seed.

          SEED           play this run twice and compare the traces; say what failed and the last events before it
          --minutes N    without a seed: play as many seeds as there is time for, on all processors (default 1)
          --first SEED   where to begin counting (default: drawn from the clock, and printed)
          --shorten      leave out faults of a failing run one by one as long as it still fails
          --plant FAULT  plant a fault into every host, to see it found: SendsBeforeSync, DiskLies, ForgetsVotes,
                         FinalizesAfterNullify, NotarizesAnything, VerifiesNothing, ReadsLocally, RetriesAnew,
                         ExecutesTwice, DropsCertificates
          --bytes        count what 31 validators send for a decision, with signatures as long as true ones
          --messages     with a seed: every message is in the trace

        Exit code: 0 all invariants held, 1 one did not, 2 wrong arguments.
        """;

    private static int Main(string[] arguments)
    {
        if (!CommandLine.TryParse(arguments, out CommandLine? line))
        {
            Console.WriteLine(Usage);
            return arguments is ["help" or "--help" or "-h"] ? 0 : 2;
        }

        if (line.CountsBytes)
        {
            CountBytes();
            return 0;
        }

        return line.Seed is ulong seed ? PlayOne(seed, line) : PlayMany(line);
    }

    private static void CountBytes()
    {
        foreach ((int clients, int linkMs, bool isUnderLoad) in ((int, int, bool)[])
            [(1, 4, false), (8, 4, false), (32, 4, false), (32, 40, false), (64, 4, true), (40, 40, true)])
        {
            int operations = isUnderLoad ? 15 : 6;
            Console.WriteLine($"links up to {linkMs} ms, {operations} commands of each client, "
                + $"{(isUnderLoad ? "while all ask" : "from beginning to end")}: " + LargeCluster.Measure(
                    31, clients, operations, TimeSpan.FromMilliseconds(linkMs), isUnderLoad));
        }
    }

    private static int PlayOne(ulong seed, CommandLine line)
    {
        RunPlan plan = PlanDrawing.Of(seed, line.Flaw) with { TracesMessages = line.TracesMessages };
        Describe(plan);
        RunResult first = Run.Play(plan);
        RunResult second = Run.Play(plan);
        Console.WriteLine(first);
        bool isSame = first.Hash == second.Hash;
        Console.WriteLine(isSame
            ? $"played again: the same trace {second.Hash}"
            : $"played again: ANOTHER trace {second.Hash}: the simulator is not deterministic");
        if (!first.IsGood && line.Shortens)
        {
            Console.WriteLine("shortened:");
            Describe(Shortening.Of(plan, first.Invariant!));
        }

        return first.IsGood && isSame ? 0 : 1;
    }

    private static int PlayMany(CommandLine line)
    {
        ulong first = line.First ?? ((ulong)Stopwatch.GetTimestamp() % 1_000_000_000);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"seeds from {first} on, for {line.Minutes} minutes"));
        var watch = Stopwatch.StartNew();
        var limit = TimeSpan.FromMinutes(line.Minutes);
        SeedBatch batch = new(first, int.MaxValue, () => watch.Elapsed < limit, line.Flaw);
        batch.Failed += failure =>
        {
            Console.WriteLine(failure);
            if (line.Shortens)
            {
                Describe(Shortening.Of(PlanDrawing.Of(failure.Seed, line.Flaw), failure.Invariant!));
            }
        };
        batch.Play(Environment.ProcessorCount);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{batch.Played} runs, {batch.Events} events, {batch.Blocks} blocks, {batch.Failures.Count} failed, "
            + $"{watch.Elapsed.TotalSeconds:F0} s"));
        foreach (IGrouping<string?, RunResult> group in batch.Failures.GroupBy(failure => failure.Invariant))
        {
            Console.WriteLine($"  {group.Key}: seeds {string.Join(' ', group.Select(run => run.Seed).Take(20))}");
        }

        return batch.Failures.Count == 0 ? 0 : 1;
    }

    private static void Describe(RunPlan plan)
    {
        Console.WriteLine(plan.ToString());
        foreach ((int node, Faults.LieKind kind) in plan.Liars)
        {
            Console.WriteLine($"  n{node} lies: {kind}");
        }

        foreach (Faults.Fault fault in plan.Faults)
        {
            Console.WriteLine($"  {fault}");
        }
    }
}
