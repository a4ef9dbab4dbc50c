using System.Runtime.Versioning;
using System.Text;
using SigmaComms.Persistence.Sqlite;

namespace SigmaComms.Persistence.Tests.Sqlite;

public sealed class SqliteStoreFileTests : IDisposable
{
    private const string Pid = "file";

    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("journal.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Files_are_for_their_owner_only_and_a_missing_folder_is_made()
    {
        SqliteStoreOptions options = new() { Path = _folder.File("a/b/journal.db") };
        await using SqliteStore store = await SqliteStore.OpenAsync(options, CancellationToken.None);
        await AppendAsync(store, 0, 1);

        string[] files = Directory.GetFiles(_folder.File("a/b"));

        Assert.Equal(4, files.Length);
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.All(files, f => Assert.Equal(ownerOnly, System.IO.File.GetUnixFileMode(f)));
    }

    [Fact]
    public void The_writer_uses_a_write_ahead_log_and_flushes_every_commit()
    {
        StoreFile.Lock(File).Dispose();
        using SqliteDatabase writer = SqliteSchema.OpenWriter(new SqliteStoreOptions { Path = File });

        Assert.Equal("wal", writer.QueryText("PRAGMA journal_mode"));
        Assert.Equal(2, writer.QueryNumber("PRAGMA synchronous"));
        Assert.Equal(SqliteSchema.ApplicationId, writer.QueryNumber("PRAGMA application_id"));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_or_written_is_refused_with_a_hint()
    {
        JournalException refused = await OpeningFailsAsync("/proc/sigma/journal.db");

        Assert.Equal(JournalFailure.ReadOnly, refused.Reason);
        Assert.Contains("/proc/sigma/journal.db", refused.Message);
        Assert.Contains("or another folder", refused.Message);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_alone()
    {
        byte[] content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("this is not a database\n", 500)));
        await System.IO.File.WriteAllBytesAsync(File, content);

        JournalException refused = await OpeningFailsAsync(File);

        Assert.Equal(JournalFailure.Corrupt, refused.Reason);
        Assert.Contains("restore both from a backup", refused.Message);
        Assert.Equal(content, await System.IO.File.ReadAllBytesAsync(File));
    }

    [Theory]
    [InlineData("CREATE TABLE theirs (x)")]
    [InlineData("PRAGMA user_version = 7")]
    [InlineData("PRAGMA application_id = 99")]
    public async Task The_database_of_another_program_is_refused(string sql)
    {
        Damage(sql);

        JournalException refused = await OpeningFailsAsync(File);

        Assert.Equal(JournalFailure.WrongFormat, refused.Reason);
        Assert.Contains("another program", refused.Message);
    }

    [Fact]
    public async Task A_newer_format_is_refused()
    {
        await FillAsync(1);
        Damage("PRAGMA user_version = 2");

        JournalException refused = await OpeningFailsAsync(File);

        Assert.Equal(JournalFailure.WrongFormat, refused.Reason);
        Assert.Contains("version 2, this program knows 1", refused.Message);
    }

    [Theory]
    [InlineData("UPDATE event SET payload = X'0102' WHERE key & 1023 = 700", 699)]
    [InlineData("UPDATE event SET type = 8 WHERE key & 1023 = 1", 0)]
    [InlineData("UPDATE event SET ticks = ticks + 1 WHERE key & 1023 = 800", 799)]
    public async Task A_changed_event_ends_the_replay_after_all_before_it(string sql, int good)
    {
        await FillAsync(800);
        Damage(sql);

        (long given, JournalException? end) = await ReplayAsync();

        Assert.Equal((good, JournalFailure.Corrupt), (given, end?.Reason));
        Assert.Contains("checksum", end!.Message);
    }

    [Theory]
    [InlineData("DELETE FROM event WHERE key & 1023 = 5", 4)]
    [InlineData("DELETE FROM event WHERE key & 1023 = 1", 0)]
    [InlineData("DELETE FROM event WHERE key & 1023 BETWEEN 300 AND 799", 299)]
    [InlineData("DELETE FROM event WHERE key & 1023 = 800", 799)]
    [InlineData("DELETE FROM event", 0)]
    public async Task A_missing_event_ends_the_replay_with_a_gap(string sql, int good)
    {
        await FillAsync(800);
        Damage(sql);

        (long given, JournalException? end) = await ReplayAsync();

        Assert.Equal((good, JournalFailure.Gap), (given, end?.Reason));
        Assert.Contains($"Events {good + 1} to", end!.Message);
    }

    [Theory]
    [InlineData("UPDATE stream SET deleted_to = 5")]
    [InlineData("UPDATE stream SET highest = highest + (1 << 60)")]
    [InlineData("UPDATE stream SET epoch = -1")]
    [InlineData("INSERT INTO event SELECT key + 1, type, version, ticks, checksum, payload FROM event "
        + "WHERE key & 1023 = 10")]
    public async Task Damage_of_one_id_is_found_and_does_not_stop_the_others(string sql)
    {
        await FillAsync(10);
        Damage(sql);
        await using SqliteStore store = await OpenAsync();

        Task<AppendResult> bad = AppendAsync(store, 10, 1).AsTask();
        Task<AppendResult>[] good =
        [
            .. Enumerable.Range(0, 30).Select(i => store.AppendAsync(
                $"good/{i}", 0, 0, [new NewEvent(1, 1, default)], CancellationToken.None).AsTask()),
        ];

        Assert.All(await Task.WhenAll(good), r => Assert.True(r.IsStored));
        Assert.Equal(JournalFailure.Corrupt, (await Assert.ThrowsAsync<JournalException>(() => bad)).Reason);
    }

    [Fact]
    public async Task Two_stores_cannot_have_one_file_at_once()
    {
        await using SqliteStore first = await OpenAsync();

        JournalException locked = await OpeningFailsAsync(File);
        await first.DisposeAsync();
        await using SqliteStore second = await OpenAsync();

        Assert.Equal(JournalFailure.Locked, locked.Reason);
        Assert.Contains("has it open", locked.Message);
    }

    [Fact]
    public async Task A_foreign_lock_delays_writes_and_fails_them_only_after_the_time_out()
    {
        SqliteStoreOptions options = new() { Path = File, LockTimeout = TimeSpan.Zero };
        await using SqliteStore store = await SqliteStore.OpenAsync(options, CancellationToken.None);
        using SqliteDatabase foreign = new(File, TimeSpan.Zero);
        foreign.Execute("BEGIN IMMEDIATE");

        JournalException locked = await Assert.ThrowsAsync<JournalException>(
            async () => await AppendAsync(store, 0, 1));
        foreign.Execute("ROLLBACK");

        Assert.Equal(JournalFailure.Locked, locked.Reason);
        Assert.True((await AppendAsync(store, 0, 1)).IsStored);
    }

    private static ValueTask<AppendResult> AppendAsync(SqliteStore store, long expected, int count) =>
        store.AppendAsync(
            Pid, expected, 0, [.. Enumerable.Repeat(new NewEvent(1, 1, new byte[64]), count)], CancellationToken.None);

    private static async Task<JournalException> OpeningFailsAsync(string path) =>
        await Assert.ThrowsAsync<JournalException>(async () =>
            await SqliteStore.OpenAsync(new SqliteStoreOptions { Path = path }, CancellationToken.None));

    private ValueTask<SqliteStore> OpenAsync() =>
        SqliteStore.OpenAsync(new SqliteStoreOptions { Path = File }, CancellationToken.None);

    private async Task FillAsync(int count)
    {
        await using SqliteStore store = await OpenAsync();
        Assert.True((await AppendAsync(store, 0, count)).IsStored);
    }

    /// <summary>Changes the file behind the store's back.</summary>
    private void Damage(string sql)
    {
        System.IO.File.Open(File, FileMode.OpenOrCreate).Dispose();
        using SqliteDatabase database = new(File, TimeSpan.Zero);
        database.Execute(sql);
    }

    private async Task<(long Given, JournalException? End)> ReplayAsync()
    {
        await using SqliteStore store = await OpenAsync();
        long given = 0;
        try
        {
            await foreach (JournalEvent e in store.ReplayAsync(Pid, 1, CancellationToken.None))
            {
                Assert.Equal(++given, e.Sequence);
            }

            return (given, null);
        }
        catch (JournalException end)
        {
            return (given, end);
        }
    }
}
