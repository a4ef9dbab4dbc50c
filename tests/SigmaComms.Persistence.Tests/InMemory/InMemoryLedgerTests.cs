using SigmaComms.Persistence.InMemory;
using SigmaComms.Persistence.Tests.EventSourcing;

namespace SigmaComms.Persistence.Tests.InMemory;

public sealed class InMemoryLedgerTests : LedgerClaims
{
    protected override ValueTask<IJournal> OpenAsync() => new(new InMemoryStore(TimeProvider.System));
}
