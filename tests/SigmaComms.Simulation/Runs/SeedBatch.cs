using SigmaComms.Simulation.Nodes;

namespace SigmaComms.Simulation.Runs;

/// <summary>Plays many seeds, each run on one thread, several runs at a time.</summary>
/// <param name="first">The first seed.</param>
/// <param name="count">At most so many.</param>
/// <param name="mayGoOn">Asked before each run.</param>
/// <param name="flaw">What is planted into every host.</param>
internal sealed class SeedBatch(ulong first, int count, Func<bool> mayGoOn, HostFlaw flaw = HostFlaw.None)
{
    private readonly Lock _lock = new();
    private long _next = -1;

    /// <summary>Told of each failure, one at a time.</summary>
    public event Action<RunResult>? Failed;

    public List<RunResult> Failures { get; } = [];

    public int Played { get; private set; }

    public long Events { get; private set; }

    public ulong Blocks { get; private set; }

    public void Play(int threads)
    {
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(_ => new Thread(Work))];
        foreach (Thread worker in workers)
        {
            worker.Start();
        }

        foreach (Thread worker in workers)
        {
            worker.Join();
        }
    }

    private void Work()
    {
        while (mayGoOn() && Interlocked.Increment(ref _next) is long index && index < count)
        {
            RunResult result = Run.Play(PlanDrawing.Of(first + (ulong)index, flaw));
            lock (_lock)
            {
                Played++;
                Events += result.Steps;
                Blocks += result.Height;
                if (!result.IsGood)
                {
                    Failures.Add(result);
                    Failed?.Invoke(result);
                }
            }
        }
    }
}
