using SigmaComms.Persistence.EventSourcing;

namespace SigmaComms.Persistence.Tests.EventSourcing;

/// <summary>How a <see cref="Ledger"/> of a test differs from the plain one.</summary>
internal sealed record LedgerSettings(EventStore Store, string Id = "ledger/1")
{
    public int SnapshotEvery { get; init; }

    public bool RecoversFromSnapshot { get; init; } = true;

    public bool NeedsNoDeletedEvents { get; init; }

    public long? WriterEpoch { get; init; }

    /// <summary>Runs in Apply before the state changes.</summary>
    public Action<Ledger, string>? OnApply { get; init; }

    /// <summary>Runs before an event is encoded.</summary>
    public Action<string>? OnEncode { get; init; }

    /// <summary>Runs in OnRecovered.</summary>
    public Func<Ledger, ValueTask>? OnRecovered { get; init; }

    /// <summary>Runs in Restore before the state changes.</summary>
    public Action? OnRestore { get; init; }
}
