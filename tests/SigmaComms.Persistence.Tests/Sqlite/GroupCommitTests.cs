using SigmaComms.Persistence.Sqlite;

namespace SigmaComms.Persistence.Tests.Sqlite;

public sealed class GroupCommitTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Many_writers_at_once_share_few_commits()
    {
        string file = _folder.File("j.db");
        await using SqliteStore store = await OpenAsync(new SqliteStoreOptions { Path = file, LockTimeout = Patience });
        using SqliteDatabase foreign = new(file, TimeSpan.Zero);

        // Until all have come the disk is held, as a slow one would be: else it may be faster than they.
        foreign.Execute("BEGIN IMMEDIATE");
        Task<AppendResult>[] pending =
            [.. Enumerable.Range(0, 2_000).Select(i => AppendAsync(store, $"many/{i}"))];
        foreign.Execute("ROLLBACK");

        Assert.All(await Task.WhenAll(pending), result => Assert.True(result.IsStored));
        Assert.InRange(store.Counters.Commits, 2, 200);
    }

    [Fact]
    public async Task A_writer_that_is_alone_never_waits_for_others()
    {
        await using SqliteStore store = await OpenAsync(new SqliteStoreOptions { Path = _folder.File("j.db") });

        for (int i = 0; i < 20; i++)
        {
            await AppendAsync(store, $"alone/{i}");
        }

        Assert.Equal((20, 0), store.Counters);
    }

    [Theory]
    [InlineData(10, 1 << 20, 30)]
    [InlineData(1_000, 1 << 10, 299)]
    public async Task A_commit_keeps_its_limits_of_events_and_bytes(int events, int sizeBytes, int commitsMin)
    {
        await using SqliteStore store = await OpenAsync(new SqliteStoreOptions
        {
            Path = _folder.File("j.db"), MaxBatchEvents = events, MaxBatchBytes = sizeBytes,
        });

        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => AppendAsync(store, $"limit/{i}", 1_000)));

        Assert.InRange(store.Counters.Commits, commitsMin, 300);
    }

    [Fact]
    public async Task An_append_that_is_cancelled_while_it_waits_for_its_turn_is_not_stored()
    {
        string file = _folder.File("j.db");
        await using SqliteStore store = await OpenAsync(
            new SqliteStoreOptions { Path = file, LockTimeout = Patience });
        using SqliteDatabase foreign = new(file, TimeSpan.Zero);
        using CancellationTokenSource source = new();
        foreign.Execute("BEGIN IMMEDIATE");
        Task<AppendResult> first = AppendAsync(store, "first");
        while (store.Waiting > 0)
        {
            await Task.Yield();
        }

        Task<AppendResult> second = store.AppendAsync(
            "second", 0, 0, [new NewEvent(1, 1, default)], source.Token).AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => second);
        foreign.Execute("ROLLBACK");

        Assert.True((await first).IsStored);
        Assert.True((await AppendAsync(store, "third")).IsStored);
        Assert.Equal(0, await store.HighestSequenceAsync("second", CancellationToken.None));
    }

    [Fact]
    public async Task Too_much_waiting_is_rejected_and_what_waited_is_stored()
    {
        string file = _folder.File("j.db");
        await using SqliteStore store = await OpenAsync(
            new SqliteStoreOptions { Path = file, LockTimeout = Patience });
        using SqliteDatabase foreign = new(file, TimeSpan.Zero);
        foreign.Execute("BEGIN IMMEDIATE");
        var large = new NewEvent(1, 1, new byte[JournalLimits.PayloadBytesMax]);
        List<Task<AppendResult>> pending = [];
        for (int i = 0; i < 70; i++)
        {
            pending.Add(store.AppendAsync($"large/{i}", 0, 0, [large], CancellationToken.None).AsTask());
        }

        foreign.Execute("ROLLBACK");

        ILookup<AppendStatus, AppendResult> results = (await Task.WhenAll(pending)).ToLookup(r => r.Status);
        Assert.InRange(results[AppendStatus.Stored].Count(), 64, 66);
        Assert.Equal(70, results[AppendStatus.Stored].Count() + results[AppendStatus.Rejected].Count());
        Assert.All(results[AppendStatus.Rejected], r => Assert.Contains("Too much waits", r.Reason));
    }

    private static ValueTask<SqliteStore> OpenAsync(SqliteStoreOptions options) =>
        SqliteStore.OpenAsync(options, CancellationToken.None);

    private static Task<AppendResult> AppendAsync(SqliteStore store, string persistenceId, int sizeBytes = 10) =>
        store.AppendAsync(
            persistenceId, 0, 0, [new NewEvent(1, 1, new byte[sizeBytes])], CancellationToken.None).AsTask();
}
