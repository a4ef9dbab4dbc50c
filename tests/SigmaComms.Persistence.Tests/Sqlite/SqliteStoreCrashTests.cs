using SigmaComms.Persistence.Sqlite;
using Xunit.Abstractions;

namespace SigmaComms.Persistence.Tests.Sqlite;

public sealed class SqliteStoreCrashTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("journal.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Everything_acknowledged_is_there_after_kill_9()
    {
        const int seed = 20_260_101;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        Dictionary<string, long> acknowledged = [];
        for (int round = 0; round < 4; round++)
        {
            using var child = ChildProcess.Start("append", File);
            for (int lines = random.Next(20, 400); lines > 0; lines--)
            {
                Note(acknowledged, await child.ReadLineAsync());
            }

            child.Kill();
            (await child.ReadToEndAsync()).ForEach(line => Note(acknowledged, line));
        }

        Assert.Equal(8, acknowledged.Count);
        await using SqliteStore store = await OpenAsync();
        foreach ((string persistenceId, long highest) in acknowledged)
        {
            Assert.InRange(await CountAsync(store, persistenceId), highest, long.MaxValue);
        }

        output.WriteLine($"{acknowledged.Values.Sum()} events were acknowledged");
    }

    [Fact]
    public async Task A_commit_that_fails_for_an_io_error_is_unknown_and_all_before_it_is_there()
    {
        using var child = ChildProcess.StartLimited("limited", File, fileKiB: 512);

        List<string> lines = await child.ReadToEndAsync();

        Assert.Equal("open", lines[0]);
        Assert.Equal("Unknown limited -1", lines[^1]);
        Dictionary<string, long> acknowledged = [];
        lines.ForEach(line => Note(acknowledged, line));
        await using SqliteStore store = await OpenAsync();
        Assert.InRange(acknowledged["limited"], 10, 999);
        Assert.InRange(
            await CountAsync(store, "limited"), acknowledged["limited"], acknowledged["limited"] + 1);
    }

    [Fact]
    public async Task A_file_that_another_process_has_open_is_locked_until_that_one_dies()
    {
        using var child = ChildProcess.Start("hold", File);
        Assert.Equal("open", await child.ReadLineAsync());

        JournalException locked = await Assert.ThrowsAsync<JournalException>(async () => await OpenAsync());
        child.Kill();
        await child.ReadToEndAsync();
        await using SqliteStore store = await OpenAsync();

        Assert.Equal(JournalFailure.Locked, locked.Reason);
        Assert.Contains("End that process, or give this one another file", locked.Message);
        Assert.Equal(0, await store.HighestSequenceAsync("x", CancellationToken.None));
    }

    private static void Note(Dictionary<string, long> acknowledged, string? line)
    {
        string[] words = (line ?? "").Split(' ');
        if (words is ["Stored", _, _] && long.TryParse(words[2], out long sequence))
        {
            acknowledged[words[1]] = sequence;
        }
    }

    private static async Task<long> CountAsync(SqliteStore store, string persistenceId)
    {
        long last = 0;
        await foreach (JournalEvent e in store.ReplayAsync(persistenceId, 1, CancellationToken.None))
        {
            Assert.Equal(++last, e.Sequence);
        }

        return last;
    }

    private ValueTask<SqliteStore> OpenAsync() =>
        SqliteStore.OpenAsync(new SqliteStoreOptions { Path = File }, CancellationToken.None);
}
