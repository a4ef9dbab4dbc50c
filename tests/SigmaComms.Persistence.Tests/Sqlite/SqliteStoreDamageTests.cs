using SigmaComms.Persistence.Sqlite;
using Xunit.Abstractions;

namespace SigmaComms.Persistence.Tests.Sqlite;

public sealed class SqliteStoreDamageTests(ITestOutputHelper output) : IDisposable
{
    private const int Events = 300;

    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("journal.db");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_file_with_random_damage_gives_right_events_or_a_journal_exception(int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using (SqliteStore store = await OpenAsync())
        {
            await store.AppendAsync("damage", 0, 0, [.. Enumerable.Range(1, Events).Select(Event)], default);
        }

        byte[] whole = await System.IO.File.ReadAllBytesAsync(File);
        Dictionary<string, int> ends = [];
        for (int round = 0; round < 40; round++)
        {
            byte[] damaged = [.. whole];
            for (int i = random.Next(1, 20); i > 0; i--)
            {
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }

            int length = random.Next(4) == 0 ? random.Next(damaged.Length) : damaged.Length;
            System.IO.File.Delete(File + "-wal");
            System.IO.File.Delete(File + "-shm");
            await System.IO.File.WriteAllBytesAsync(File, damaged[..length]);
            string end = await UseAsync();
            ends[end] = ends.GetValueOrDefault(end) + 1;
        }

        output.WriteLine(string.Join(", ", ends.Select(e => $"{e.Key}: {e.Value}")));
        Assert.True(ends.Count > 1);
    }

    private static NewEvent Event(int number) => new((uint)number, 1, BitConverter.GetBytes(number * 7919L));

    /// <summary>Uses the damaged store as an actor would; whatever is given must be right.</summary>
    private async Task<string> UseAsync()
    {
        try
        {
            await using SqliteStore store = await OpenAsync();
            int number = 0;
            await foreach (JournalEvent e in store.ReplayAsync("damage", 1, CancellationToken.None))
            {
                NewEvent expected = Event(++number);
                Assert.Equal((number, expected.TypeId), (e.Sequence, e.TypeId));
                Assert.True(expected.Payload.Span.SequenceEqual(e.Payload.Span));
            }

            long highest = await store.HighestSequenceAsync("damage", CancellationToken.None);
            await store.AppendAsync("damage", highest, 0, [Event(1)], CancellationToken.None);
            return number == Events ? "whole" : "forgotten";
        }
        catch (JournalException end)
        {
            return end.Reason.ToString();
        }
    }

    private ValueTask<SqliteStore> OpenAsync() =>
        SqliteStore.OpenAsync(new SqliteStoreOptions { Path = File }, CancellationToken.None);
}
