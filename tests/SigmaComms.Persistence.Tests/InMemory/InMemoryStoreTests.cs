using SigmaComms.Persistence.InMemory;
using SigmaComms.Persistence.Tests.Conformance;

namespace SigmaComms.Persistence.Tests.InMemory;

public sealed class InMemoryStoreTests : StoreConformance
{
    private InMemoryStore? _store;

    protected override ValueTask<IJournal> OpenAsync()
    {
        _store = _store?.Reopen() ?? new InMemoryStore(Clock);
        return new ValueTask<IJournal>(_store);
    }

    protected override void DamageSnapshot(string persistenceId, long sequence) =>
        _store!.DamageSnapshot(persistenceId, sequence);
}
