using SigmaComms.Persistence.InMemory;
using SigmaComms.Persistence.Tests.Conformance;
using Xunit.Abstractions;

namespace SigmaComms.Persistence.Tests.InMemory;

public sealed class InMemoryStoreRaceTests(ITestOutputHelper output) : StoreRaces(output)
{
    protected override ValueTask<IJournal> OpenAsync() =>
        new(new InMemoryStore(TimeProvider.System));
}
