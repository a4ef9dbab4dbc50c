using SigmaComms.Cryptography.Tests;
using SigmaComms.Persistence.InMemory;
using SigmaComms.Persistence.Sealing;
using SigmaComms.Persistence.Tests.Conformance;

namespace SigmaComms.Persistence.Tests.Sealing;

/// <summary>A sealed journal keeps every rule of a plain one.</summary>
public sealed class SealedStoreTests : StoreConformance
{
    private readonly SeededRandom _random = new(77);
    private readonly byte[] _key = new SeededRandom(78).Bytes(32);
    private InMemoryStore? _store;

    protected override int PayloadBytesMax => JournalLimits.PayloadBytesMax - SealedStore.OverheadBytes;

    protected override int SnapshotBytesMax => JournalLimits.SnapshotBytesMax - SealedStore.OverheadBytes;

    protected override ValueTask<IJournal> OpenAsync()
    {
        _store = _store?.Reopen() ?? new InMemoryStore(Clock);
        return new ValueTask<IJournal>(new SealedStore(_store, _store, _key, _random));
    }

    protected override void DamageSnapshot(string persistenceId, long sequence) =>
        _store!.DamageSnapshot(persistenceId, sequence);
}
