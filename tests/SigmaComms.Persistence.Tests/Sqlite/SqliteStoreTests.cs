using SigmaComms.Persistence.Sqlite;
using SigmaComms.Persistence.Tests.Conformance;

namespace SigmaComms.Persistence.Tests.Sqlite;

public sealed class SqliteStoreTests : StoreConformance, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override async ValueTask<IJournal> OpenAsync() => await SqliteStore.OpenAsync(
        new SqliteStoreOptions { Path = _folder.File("journal.db"), Time = Clock }, CancellationToken.None);

    protected override void DamageSnapshot(string persistenceId, long sequence)
    {
        using var database = new SqliteDatabase(_folder.File("journal.db"), TimeSpan.Zero);
        database.Execute(
            "UPDATE snapshot SET payload = X'00' WHERE key = "
            + $"(SELECT id << {SqliteSchema.SequenceBits} | {sequence} FROM stream WHERE pid = '{persistenceId}')");
    }
}
