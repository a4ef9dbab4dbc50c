using SigmaComms.Persistence.Sqlite;
using SigmaComms.Persistence.Tests.Conformance;
using Xunit.Abstractions;

namespace SigmaComms.Persistence.Tests.Sqlite;

public sealed class SqliteStoreRaceTests(ITestOutputHelper output) : StoreRaces(output), IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override async ValueTask<IJournal> OpenAsync() => await SqliteStore.OpenAsync(
        new SqliteStoreOptions { Path = _folder.File("journal.db") }, CancellationToken.None);
}
