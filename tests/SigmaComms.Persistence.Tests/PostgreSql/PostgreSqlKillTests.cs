using SigmaComms.Persistence.PostgreSql;
using Xunit.Abstractions;

namespace SigmaComms.Persistence.Tests.PostgreSql;

public sealed class PostgreSqlKillTests(ITestOutputHelper output)
{
    private const int Writers = 8;
    private const int AppendsBeforeTheKill = 8;

    [PostgreSqlFact]
    public async Task A_server_killed_in_the_middle_of_writes_has_every_acknowledged_event_when_it_is_back()
    {
        using PostgreSqlServer server = new();
        await using PostgreSqlStore store = await server.OpenAsync(server.NewSchema());
        for (int round = 0; round < 2; round++)
        {
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Task<(long Highest, string End)>[] writers =
                [.. Enumerable.Range(0, Writers).Select(i => AppendUntilItFailsAsync(store, $"kill/{i}", enough))];
            await Task.WhenAny(enough.Task, Task.WhenAll(writers));
            server.Kill();
            (long Highest, string End)[] ends = await Task.WhenAll(writers);
            server.Start();

            output.WriteLine(string.Join(", ", ends.GroupBy(e => e.End).Select(g => $"{g.Key}: {g.Count()}")));
            Assert.All(ends, e => Assert.True(e.End is "Unknown" or "Unavailable", e.End));
            for (int i = 0; i < Writers; i++)
            {
                // At most the one append whose end nobody knows is there besides.
                long unknown = ends[i].End == "Unknown" ? 1 : 0;
                Assert.InRange(await CountAsync(store, $"kill/{i}"), ends[i].Highest, ends[i].Highest + unknown);
            }
        }
    }

    [PostgreSqlFact]
    public async Task While_the_server_is_gone_every_call_says_so_and_none_hangs()
    {
        using PostgreSqlServer server = new();
        await using PostgreSqlStore store = await server.OpenAsync(server.NewSchema());
        server.Kill();

        Func<Task>[] calls =
        [
            () => store.AppendAsync("gone", 0, 0, [new NewEvent(1, 1, default)], default).AsTask(),
            () => store.HighestSequenceAsync("gone", default).AsTask(),
            () => store.LoadAsync("gone", default).AsTask(),
            () => store.AcquireEpochAsync("gone", default).AsTask(),
            () => store.SaveAsync("gone", new Snapshot(1, 1, 1, default), default).AsTask(),
            () => CountAsync(store, "gone"),
        ];

        foreach (Func<Task> call in calls)
        {
            JournalException end = await Assert.ThrowsAsync<JournalException>(call);
            Assert.Equal(JournalFailure.Unavailable, end.Reason);
        }

        server.Start();
        Assert.Equal(1, await store.AcquireEpochAsync("gone", CancellationToken.None));
    }

    /// <summary>Recovers, then appends one event after the other until an append is not acknowledged.</summary>
    private static async Task<(long Highest, string End)> AppendUntilItFailsAsync(
        PostgreSqlStore store, string persistenceId, TaskCompletionSource enough)
    {
        long recovered = await store.HighestSequenceAsync(persistenceId, CancellationToken.None);
        long highest = recovered;
        long epoch = await store.AcquireEpochAsync(persistenceId, CancellationToken.None);
        while (true)
        {
            try
            {
                AppendResult result = await store.AppendAsync(
                    persistenceId, highest, epoch, [new NewEvent(1, 1, new byte[1_000])], CancellationToken.None);
                if (!result.IsStored)
                {
                    return (highest, result.Status.ToString());
                }

                highest = result.HighestSequence;
                if (highest - recovered > AppendsBeforeTheKill)
                {
                    enough.TrySetResult();
                }
            }
            catch (JournalException end)
            {
                return (highest, end.Reason.ToString());
            }
        }
    }

    private static async Task<long> CountAsync(PostgreSqlStore store, string persistenceId)
    {
        long last = 0;
        await foreach (JournalEvent e in store.ReplayAsync(persistenceId, 1, CancellationToken.None))
        {
            Assert.Equal(++last, e.Sequence);
        }

        return last;
    }
}
