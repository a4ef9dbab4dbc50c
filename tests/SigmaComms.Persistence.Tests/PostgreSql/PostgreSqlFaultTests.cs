using System.Text;
using Npgsql;
using SigmaComms.Persistence.PostgreSql;
using Xunit.Abstractions;

namespace SigmaComms.Persistence.Tests.PostgreSql;

/// <summary>What goes wrong between a store and a server that stays up.</summary>
public sealed class PostgreSqlFaultTests(ITestOutputHelper output)
{
    private const string Pid = "fault/1";

    private readonly PostgreSqlStoreOptions? _options =
        PostgreSqlServer.WhyNot is null ? PostgreSqlServer.Shared.NewSchema() : null;

    private PostgreSqlStoreOptions Options => _options!;

    [PostgreSqlFact]
    public async Task A_connection_cut_before_the_server_saw_the_commit_is_unknown_and_recovery_finds_nothing()
    {
        (AppendResult cut, long highest) = await AppendOverCutAsync(CuttingProxy.Cut.BeforeCommit);

        Assert.Equal((AppendStatus.Unknown, -1), (cut.Status, cut.HighestSequence));
        Assert.Equal(1, highest);
    }

    [PostgreSqlFact]
    public async Task A_connection_cut_after_the_commit_is_unknown_and_recovery_finds_all()
    {
        (AppendResult cut, long highest) = await AppendOverCutAsync(CuttingProxy.Cut.AfterCommit);

        Assert.Equal((AppendStatus.Unknown, -1), (cut.Status, cut.HighestSequence));
        Assert.Equal(4, highest);
    }

    [PostgreSqlFact]
    public async Task A_connection_that_died_while_it_was_idle_is_taken_anew_without_a_word()
    {
        Options.ConnectionString += $";Application Name={Options.Schema}";
        await using PostgreSqlStore store = await OpenAsync();
        await AppendAsync(store, 0, 1);
        object? ended = PostgreSqlServer.Shared.Execute(
            Options.Schema,
            "SELECT count(pg_terminate_backend(pid, 30000)) FROM pg_stat_activity "
            + $"WHERE application_name = '{Options.Schema}'");

        AppendResult next = await AppendAsync(store, 1, 2);

        Assert.Equal(1L, ended);
        Assert.Equal(new AppendResult(AppendStatus.Stored, 3), next);
        Assert.Equal(3, (await ReplayAsync(store)).Count);
    }

    [PostgreSqlFact]
    public async Task Of_two_stores_the_older_writer_is_fenced_and_the_younger_goes_on()
    {
        await using PostgreSqlStore old = await OpenAsync();
        await using PostgreSqlStore young = await OpenAsync();
        long oldEpoch = await old.AcquireEpochAsync(Pid, CancellationToken.None);
        await old.AppendAsync(Pid, 0, oldEpoch, [Event(1)], CancellationToken.None);

        long youngEpoch = await young.AcquireEpochAsync(Pid, CancellationToken.None);
        AppendResult fenced = await old.AppendAsync(Pid, 1, oldEpoch, [Event(2)], CancellationToken.None);
        AppendResult stored = await young.AppendAsync(Pid, 1, youngEpoch, [Event(2)], CancellationToken.None);

        Assert.Equal((AppendStatus.Fenced, 1), (fenced.Status, fenced.HighestSequence));
        Assert.Equal(new AppendResult(AppendStatus.Stored, 2), stored);
    }

    [PostgreSqlFact]
    public async Task Two_stores_that_append_to_the_same_new_ids_at_once_both_end_and_one_wins_each()
    {
        await using PostgreSqlStore one = await OpenAsync();
        await using PostgreSqlStore two = await OpenAsync();

        AppendResult[] results = await Task.WhenAll(Enumerable.Range(0, 400).Select(
            i => (i % 2 == 0 ? one : two).AppendAsync($"new/{i / 2}", 0, 0, [Event(i)], default).AsTask()));

        Assert.Equal(200, results.Count(r => r.Status == AppendStatus.Stored));
        Assert.Equal(200, results.Count(r => r.Status == AppendStatus.Conflict));
    }

    [PostgreSqlFact]
    public async Task A_server_that_does_not_answer_in_time_is_unavailable_and_serves_again()
    {
        Options.CommandTimeout = TimeSpan.FromSeconds(3);
        await using PostgreSqlStore store = await OpenAsync();
        await AppendAsync(store, 0, 1);
        await using (NpgsqlConnection other = PostgreSqlServer.Shared.Connect(Options.Schema))
        {
            await using NpgsqlTransaction holds = await other.BeginTransactionAsync();
            await using NpgsqlCommand command = new("LOCK TABLE event, stream IN ACCESS EXCLUSIVE MODE", other);
            await command.ExecuteNonQueryAsync();

            Task<AppendResult> writing = AppendAsync(store, 1, 1);
            Task<List<JournalEvent>> reading = ReplayAsync(store);
            JournalException write = await Assert.ThrowsAsync<JournalException>(() => writing);
            JournalException read = await Assert.ThrowsAsync<JournalException>(() => reading);

            Assert.Equal((JournalFailure.Unavailable, JournalFailure.Unavailable), (write.Reason, read.Reason));
            Assert.Contains("does not answer in time", write.Message);
        }

        Assert.Equal(new AppendResult(AppendStatus.Stored, 2), await AppendAsync(store, 1, 1));
    }

    [PostgreSqlFact]
    public async Task Rows_that_another_writer_holds_are_locked_and_nothing_is_stored()
    {
        Options.LockTimeout = TimeSpan.FromMilliseconds(100);
        await using PostgreSqlStore store = await OpenBesideOthersAsync();
        await AppendAsync(store, 0, 1);
        await using NpgsqlConnection other = PostgreSqlServer.Shared.Connect(Options.Schema);
        await using NpgsqlTransaction holds = await other.BeginTransactionAsync();
        await using NpgsqlCommand command = new("SELECT * FROM stream FOR UPDATE", other);
        await command.ExecuteNonQueryAsync();

        JournalException locked = await Assert.ThrowsAsync<JournalException>(() => AppendAsync(store, 1, 1));

        Assert.Equal(JournalFailure.Locked, locked.Reason);
        Assert.Equal(1, await store.HighestSequenceAsync(Pid, CancellationToken.None));
    }

    [PostgreSqlFact]
    public async Task A_missing_event_is_a_gap_and_all_before_it_are_given()
    {
        await using PostgreSqlStore store = await OpenAsync();
        await AppendAsync(store, 0, 100);
        PostgreSqlServer.Shared.Execute(Options.Schema, "DELETE FROM event WHERE sequence = 60");
        List<JournalEvent> given = [];

        JournalException end = await Assert.ThrowsAsync<JournalException>(() => ReplayAsync(store, given));

        Assert.Equal((JournalFailure.Gap, 59), (end.Reason, given.Count));
        Assert.Contains("Events 60 to 60", end.Message);
    }

    [PostgreSqlFact]
    public async Task A_changed_event_is_corrupt_and_all_before_it_are_given()
    {
        await using PostgreSqlStore store = await OpenAsync();
        await AppendAsync(store, 0, 100);
        PostgreSqlServer.Shared.Execute(Options.Schema, "UPDATE event SET ticks = ticks + 1 WHERE sequence = 60");
        List<JournalEvent> given = [];

        JournalException end = await Assert.ThrowsAsync<JournalException>(() => ReplayAsync(store, given));

        Assert.Equal((JournalFailure.Corrupt, 59), (end.Reason, given.Count));
    }

    [PostgreSqlFact]
    public async Task A_damaged_fence_row_ends_its_own_writes_and_not_those_of_its_neighbours()
    {
        await using PostgreSqlStore store = await OpenAsync();
        await AppendAsync(store, 0, 1);
        PostgreSqlServer.Shared.Execute(Options.Schema, "UPDATE stream SET highest = 0");

        Task<AppendResult> damaged = AppendAsync(store, 0, 1);
        AppendResult[] neighbours = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            i => store.AppendAsync($"neighbour/{i}", 0, 0, [Event(i)], CancellationToken.None).AsTask()));

        Assert.Equal(JournalFailure.Corrupt, (await Assert.ThrowsAsync<JournalException>(() => damaged)).Reason);
        Assert.All(neighbours, r => Assert.True(r.IsStored));
    }

    [PostgreSqlFact]
    public async Task A_column_of_another_type_fails_the_write_and_not_the_writer()
    {
        await using PostgreSqlStore store = await OpenAsync();
        await AppendAsync(store, 0, 1);
        const string alter = "ALTER TABLE stream ALTER epoch TYPE ";
        PostgreSqlServer.Shared.Execute(Options.Schema, alter + "text USING epoch::text");

        JournalException failure = await Assert.ThrowsAsync<JournalException>(() => AppendAsync(store, 1, 2));
        PostgreSqlServer.Shared.Execute(Options.Schema, alter + "bigint USING epoch::bigint");
        AppendResult next = await AppendAsync(store, 1, 2);

        Assert.Equal(JournalFailure.WrongFormat, failure.Reason);
        Assert.Equal(new AppendResult(AppendStatus.Stored, 3), next);
    }

    [PostgreSqlFact]
    public async Task A_server_that_only_reads_is_read_only()
    {
        await using (PostgreSqlStore made = await OpenAsync())
        {
            await AppendAsync(made, 0, 1);
        }

        PostgreSqlServer.Shared.Execute(
            Options.Schema,
            $"CREATE ROLE {Options.Schema} LOGIN; GRANT USAGE ON SCHEMA {Options.Schema} TO {Options.Schema}; "
            + $"GRANT ALL ON ALL TABLES IN SCHEMA {Options.Schema} TO {Options.Schema}; "
            + $"ALTER ROLE {Options.Schema} SET default_transaction_read_only = on");
        Options.ConnectionString =
            $"Host={PostgreSqlServer.Shared.Folder};Username={Options.Schema};Database=postgres";
        await using PostgreSqlStore store = await OpenAsync();

        JournalException end = await Assert.ThrowsAsync<JournalException>(() => AppendAsync(store, 1, 1));

        Assert.Equal(JournalFailure.ReadOnly, end.Reason);
        Assert.Contains("Connect to the primary", end.Message);
    }

    [PostgreSqlFact]
    public async Task A_refused_connection_is_unavailable_at_once()
    {
        Options.ConnectionString = "Host=127.0.0.1;Port=1;Username=sigma;Database=postgres;SSL Mode=Disable";

        JournalException end = await Assert.ThrowsAsync<JournalException>(async () => await OpenAsync());

        Assert.Equal(JournalFailure.Unavailable, end.Reason);
        Assert.Contains("cannot be reached", end.Message);
    }

    [Fact]
    public async Task A_server_that_falls_silent_while_TLS_is_agreed_on_is_unavailable()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        int port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        PostgreSqlStoreOptions options = new()
        {
            ConnectionString = $"Host=127.0.0.1;Port={port};Username=u;SSL Mode=Require",
            ConnectTimeout = TimeSpan.FromSeconds(1),
        };

        Task<PostgreSqlStore> opening = PostgreSqlStore.OpenAsync(options, CancellationToken.None).AsTask();
        using System.Net.Sockets.Socket taken = await listener.AcceptSocketAsync();
        await taken.SendAsync("S"u8.ToArray());

        JournalException failure = await Assert.ThrowsAsync<JournalException>(() => opening);
        Assert.Equal(JournalFailure.Unavailable, failure.Reason);
    }

    [PostgreSqlFact]
    public async Task A_user_without_rights_is_refused_and_the_password_is_in_no_message()
    {
        PostgreSqlServer.Shared.Execute("public", $"CREATE ROLE {Options.Schema} LOGIN");
        Options.ConnectionString =
            $"Host={PostgreSqlServer.Shared.Folder};Username={Options.Schema};Database=postgres";
        Options.Password = "swordfish-42";

        JournalException end = await Assert.ThrowsAsync<JournalException>(async () => await OpenAsync());

        Assert.Equal(JournalFailure.Refused, end.Reason);
        Assert.DoesNotContain("swordfish-42", end.ToString());
    }

    [PostgreSqlFact]
    public async Task Tables_of_a_newer_format_are_left_alone()
    {
        await using (await OpenAsync())
        {
            PostgreSqlServer.Shared.Execute(Options.Schema, "UPDATE journal_format SET version = 2");
        }

        JournalException end = await Assert.ThrowsAsync<JournalException>(async () => await OpenAsync());

        Assert.Equal(JournalFailure.WrongFormat, end.Reason);
        Assert.Contains("its format is version 2, this program knows 1", end.Message);
    }

    [PostgreSqlFact]
    public async Task Stores_that_are_opened_at_once_make_the_tables_once()
    {
        PostgreSqlStore[] stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync().AsTask()));

        AppendResult result = await AppendAsync(stores[3], 0, 1);

        Assert.True(result.IsStored);
        foreach (PostgreSqlStore store in stores)
        {
            Assert.Equal(1, await store.HighestSequenceAsync(Pid, CancellationToken.None));
            await store.DisposeAsync();
        }
    }

    [PostgreSqlFact]
    public async Task Many_writers_at_once_share_few_commits()
    {
        await using PostgreSqlStore store = await OpenAsync();
        await using NpgsqlConnection other = PostgreSqlServer.Shared.Connect(Options.Schema);
        await using NpgsqlTransaction holds = await other.BeginTransactionAsync();
        await using NpgsqlCommand command = new("LOCK TABLE event, stream IN ACCESS EXCLUSIVE MODE", other);
        await command.ExecuteNonQueryAsync();

        // Until all have come the tables are held: else the server may be faster than they.
        Task<AppendResult>[] pending = [.. Enumerable.Range(0, 1_000).Select(
            i => store.AppendAsync($"many/{i}", 0, 0, [Event(i)], CancellationToken.None).AsTask())];
        await holds.RollbackAsync();

        Assert.All(await Task.WhenAll(pending), result => Assert.True(result.IsStored));
        output.WriteLine($"{store.Counters.Commits} commits");
        Assert.InRange(store.Counters.Commits, 1, 200);
    }

    private static NewEvent Event(int number) => new(1, 1, Encoding.UTF8.GetBytes($"event {number}"));

    private static Task<AppendResult> AppendAsync(PostgreSqlStore store, long expected, int count) =>
        store.AppendAsync(Pid, expected, 0, [.. Enumerable.Range(0, count).Select(Event)], default).AsTask();

    private static async Task<List<JournalEvent>> ReplayAsync(PostgreSqlStore store, List<JournalEvent>? into = null)
    {
        into ??= [];
        await foreach (JournalEvent e in store.ReplayAsync(Pid, 1, CancellationToken.None))
        {
            into.Add(e);
        }

        return into;
    }

    /// <summary>With a short time-out for locks; another test may be making its tables just now.</summary>
    private async Task<PostgreSqlStore> OpenBesideOthersAsync()
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await OpenAsync();
            }
            catch (JournalException held) when (held.Reason == JournalFailure.Locked && tries < 500)
            {
                // Again: the time-out was the pause.
            }
        }
    }

    private ValueTask<PostgreSqlStore> OpenAsync() => PostgreSqlServer.Shared.OpenAsync(Options);

    private async Task<(AppendResult End, long Highest)> AppendOverCutAsync(CuttingProxy.Cut cut)
    {
        await using var proxy = new CuttingProxy(PostgreSqlServer.Shared.Folder);
        Options.ConnectionString = $"Host={proxy.Folder};Username=sigma;Database=postgres";
        await using PostgreSqlStore store = await OpenAsync();
        await AppendAsync(store, 0, 1);

        proxy.CutNext(cut);
        AppendResult end = await AppendAsync(store, 1, 3);

        return (end, await store.HighestSequenceAsync(Pid, CancellationToken.None));
    }
}
