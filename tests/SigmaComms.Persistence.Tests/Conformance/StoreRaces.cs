using System.Collections.Concurrent;
using Xunit.Abstractions;

namespace SigmaComms.Persistence.Tests.Conformance;

/// <summary>Writers that compete, over printed seeds.</summary>
public abstract class StoreRaces(ITestOutputHelper output)
{
    private const int Writers = 6;
    private const int Steps = 25;

    protected abstract ValueTask<IJournal> OpenAsync();

    [StoreTheory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(300)]
    [InlineData(4_000)]
    public async Task Competing_writers_never_lose_or_reorder_an_acknowledged_event(int seed)
    {
        output.WriteLine($"seed {seed}");
        await using IJournal journal = await OpenAsync();
        ConcurrentDictionary<(string Pid, long Sequence), uint> acknowledged = new();

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(
            writer => Task.Run(() => WriteAsync(journal, new Random(seed + writer), writer, acknowledged))));

        Assert.NotEmpty(acknowledged);
        foreach (string pid in acknowledged.Keys.Select(k => k.Pid).Distinct())
        {
            long last = 0;
            await foreach (JournalEvent e in journal.ReplayAsync(pid, 1, CancellationToken.None))
            {
                Assert.Equal(++last, e.Sequence);
                Assert.Equal(acknowledged[(pid, e.Sequence)], e.TypeId);
            }

            Assert.Equal(acknowledged.Count(a => a.Key.Pid == pid), last);
            Assert.Equal(last, await journal.HighestSequenceAsync(pid, CancellationToken.None));
        }
    }

    private static async Task WriteAsync(
        IJournal journal, Random random, int writer, ConcurrentDictionary<(string, long), uint> acknowledged)
    {
        Dictionary<string, (long Highest, long Epoch)> known = [];
        for (int step = 0; step < Steps; step++)
        {
            string pid = $"race/{random.Next(2)}";
            (long highest, long epoch) = known.GetValueOrDefault(pid);
            if (epoch == 0 || random.Next(10) == 0)
            {
                epoch = await journal.AcquireEpochAsync(pid, CancellationToken.None);
            }

            uint type = (uint)((writer * 1_000) + step);
            int count = random.Next(1, 4);
            NewEvent[] events =
                [.. Enumerable.Repeat(new NewEvent(type, 1, new byte[random.Next(100)]), count)];
            AppendResult result = await journal.AppendAsync(pid, highest, epoch, events, CancellationToken.None);
            for (int i = 0; result.IsStored && i < count; i++)
            {
                Assert.True(acknowledged.TryAdd((pid, highest + 1 + i), type));
            }

            Assert.True(result.Status is AppendStatus.Stored or AppendStatus.Conflict or AppendStatus.Fenced);
            known[pid] = (result.HighestSequence, result.Status == AppendStatus.Fenced ? 0 : epoch);
        }
    }
}
