using SigmaComms.Persistence.Sqlite;
using SigmaComms.Persistence.Tests.EventSourcing;

namespace SigmaComms.Persistence.Tests.Sqlite;

public sealed class SqliteLedgerTests : LedgerClaims, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override async ValueTask<IJournal> OpenAsync() => await SqliteStore.OpenAsync(
        new SqliteStoreOptions { Path = _folder.File("journal.db") }, CancellationToken.None);
}
