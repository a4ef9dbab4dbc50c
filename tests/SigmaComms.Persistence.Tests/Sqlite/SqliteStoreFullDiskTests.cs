using SigmaComms.Persistence.Sqlite;

namespace SigmaComms.Persistence.Tests.Sqlite;

public sealed class SqliteStoreFullDiskTests : IDisposable
{
    private const string Pid = "full";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SmallVolumeFact]
    public async Task A_full_volume_refuses_appends_loses_nothing_and_heals_when_room_returns()
    {
        using var volume = SmallVolume.Mount(sizeMiB: 4);
        SqliteStoreOptions options = new() { Path = volume.File("journal.db") };
        await using (SqliteStore store = await SqliteStore.OpenAsync(options, CancellationToken.None))
        {
            Assert.Equal(1, (await AppendAsync(store, 0, 1)).HighestSequence);
            volume.Fill();
            (long highest, JournalException full) = await AppendUntilFullAsync(store, 1, sizeBytes: 50_000);
            Assert.Equal(JournalFailure.DiskFull, full.Reason);
            Assert.Contains("Make room; writing goes on by itself", full.Message);
            Assert.Equal(highest, await store.HighestSequenceAsync(Pid, CancellationToken.None));

            volume.Empty();
            Assert.Equal(highest + 1, (await AppendAsync(store, highest, 50_000)).HighestSequence);
            (highest, _) = await AppendUntilFullAsync(store, highest + 1, sizeBytes: 50_000);
            Assert.Equal(highest, await CountAsync(store));
            await store.DisposeAsync();
            Assert.InRange(highest, 20, 80);
        }

        await using SqliteStore again = await SqliteStore.OpenAsync(options, CancellationToken.None);
        Assert.InRange(await CountAsync(again), 20, 80);
    }

    [SmallVolumeFact]
    public async Task Opening_a_new_journal_on_a_full_volume_says_that_it_is_full()
    {
        using var volume = SmallVolume.Mount(sizeMiB: 1);
        SqliteStoreOptions options = new() { Path = volume.File("journal.db") };
        volume.Fill();

        JournalException full = await Assert.ThrowsAsync<JournalException>(
            async () => await SqliteStore.OpenAsync(options, CancellationToken.None));
        volume.Empty();
        await using SqliteStore store = await SqliteStore.OpenAsync(options, CancellationToken.None);

        Assert.Equal(JournalFailure.DiskFull, full.Reason);
        Assert.True((await AppendAsync(store, 0, 10)).IsStored);
    }

    [SmallVolumeFact]
    public async Task A_read_only_volume_is_refused_at_opening_with_a_hint()
    {
        using var volume = SmallVolume.Mount(sizeMiB: 2);
        SqliteStoreOptions options = new() { Path = volume.File("journal.db") };
        await (await SqliteStore.OpenAsync(options, CancellationToken.None)).DisposeAsync();
        volume.MakeReadOnly();

        JournalException refused = await Assert.ThrowsAsync<JournalException>(
            async () => await SqliteStore.OpenAsync(options, CancellationToken.None));

        Assert.Equal(JournalFailure.ReadOnly, refused.Reason);
        Assert.Contains("right to write the folder", refused.Message);
    }

    [Fact]
    public async Task A_file_at_its_largest_refuses_appends_until_events_are_deleted()
    {
        SqliteStoreOptions options = new() { Path = _folder.File("journal.db"), PagesMax = 100 };
        await using SqliteStore store = await SqliteStore.OpenAsync(options, CancellationToken.None);

        (long highest, JournalException full) = await AppendUntilFullAsync(store, 0, sizeBytes: 10_000);
        await store.DeleteToAsync(Pid, highest / 2, CancellationToken.None);
        AppendResult after = await AppendAsync(store, highest, 10_000);

        Assert.Equal(JournalFailure.DiskFull, full.Reason);
        Assert.Equal(new AppendResult(AppendStatus.Stored, highest + 1), after);
    }

    [Fact]
    public async Task In_a_full_file_a_write_that_fits_is_stored_though_its_neighbour_does_not_fit()
    {
        SqliteStoreOptions options = new() { Path = _folder.File("journal.db"), PagesMax = 100 };
        await using SqliteStore store = await SqliteStore.OpenAsync(options, CancellationToken.None);

        Task<AppendResult> large = AppendAsync(store, 0, 1_000_000).AsTask();
        Task<AppendResult>[] small =
        [
            .. Enumerable.Range(0, 20).Select(i => store.AppendAsync(
                $"small/{i}", 0, 0, [new NewEvent(1, 1, new byte[100])], CancellationToken.None).AsTask()),
        ];

        Assert.All(await Task.WhenAll(small), r => Assert.True(r.IsStored));
        JournalException full = await Assert.ThrowsAsync<JournalException>(() => large);
        Assert.Equal(JournalFailure.DiskFull, full.Reason);
    }

    private static ValueTask<AppendResult> AppendAsync(SqliteStore store, long expected, int sizeBytes) =>
        store.AppendAsync(Pid, expected, 0, [new NewEvent(1, 1, new byte[sizeBytes])], CancellationToken.None);

    private static async Task<(long Highest, JournalException Full)> AppendUntilFullAsync(
        SqliteStore store, long highest, int sizeBytes)
    {
        while (true)
        {
            try
            {
                highest = (await AppendAsync(store, highest, sizeBytes)).HighestSequence;
            }
            catch (JournalException full)
            {
                return (highest, full);
            }
        }
    }

    private static async Task<long> CountAsync(SqliteStore store)
    {
        long last = 0;
        await foreach (JournalEvent e in store.ReplayAsync(Pid, 1, CancellationToken.None))
        {
            Assert.Equal(++last, e.Sequence);
        }

        return last;
    }
}
