using SigmaComms.Persistence.Sqlite;

namespace SigmaComms.Persistence.Tests;

/// <summary>The child process of the tests: dotnet SigmaComms.Persistence.Tests.dll VERB FILE.</summary>
internal static class Program
{
    private const int EventBytes = 3_000;

    private static async Task<int> Main(string[] args)
    {
        await using SqliteStore store = await SqliteStore.OpenAsync(
            new SqliteStoreOptions { Path = args[1] }, CancellationToken.None);
        Console.WriteLine("open");
        switch (args[0])
        {
            case "hold":
                Console.In.Read();
                return 0;
            case "append":
                await Task.WhenAll(Enumerable.Range(0, 8).Select(i => AppendAsync(store, $"kill/{i}", int.MaxValue)));
                return 0;
            case "limited":
                await AppendAsync(store, "limited", 1_000);
                return 0;
            default:
                return 64;
        }
    }

    /// <summary>Appends one event after the other and prints each that was acknowledged.</summary>
    private static async Task AppendAsync(SqliteStore store, string persistenceId, int count)
    {
        long highest = await store.HighestSequenceAsync(persistenceId, CancellationToken.None);
        for (int i = 0; i < count; i++)
        {
            AppendResult result = await store.AppendAsync(
                persistenceId, highest, 0, [new NewEvent(1, 1, new byte[EventBytes])], CancellationToken.None);
            Console.WriteLine($"{result.Status} {persistenceId} {result.HighestSequence}");
            if (!result.IsStored)
            {
                return;
            }

            highest = result.HighestSequence;
        }
    }
}
