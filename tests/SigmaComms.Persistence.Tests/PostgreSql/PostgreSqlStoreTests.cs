using SigmaComms.Persistence.PostgreSql;
using SigmaComms.Persistence.Tests.Conformance;

namespace SigmaComms.Persistence.Tests.PostgreSql;

public sealed class PostgreSqlStoreTests : StoreConformance
{
    private PostgreSqlStoreOptions? _options;

    protected override async ValueTask<IJournal> OpenAsync()
    {
        _options ??= PostgreSqlServer.Shared.NewSchema();
        _options.Time = Clock;
        return await PostgreSqlServer.Shared.OpenAsync(_options);
    }

    protected override void DamageSnapshot(string persistenceId, long sequence) => PostgreSqlServer.Shared.Execute(
        _options!.Schema,
        $"UPDATE snapshot SET payload = '\\x00' WHERE sequence = {sequence} "
        + $"AND stream = (SELECT id FROM stream WHERE pid = '{persistenceId}')");
}
