using SigmaComms.Persistence.PostgreSql;
using SigmaComms.Persistence.Tests.Conformance;
using Xunit.Abstractions;

namespace SigmaComms.Persistence.Tests.PostgreSql;

public sealed class PostgreSqlStoreRaceTests(ITestOutputHelper output) : StoreRaces(output)
{
    protected override async ValueTask<IJournal> OpenAsync()
    {
        PostgreSqlStoreOptions options = PostgreSqlServer.Shared.NewSchema();
        return await PostgreSqlServer.Shared.OpenAsync(options);
    }
}
