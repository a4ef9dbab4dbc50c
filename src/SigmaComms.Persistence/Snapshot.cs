namespace SigmaComms.Persistence;

/// <summary>The state of an actor after an event, so that recovery need not replay all that came before.</summary>
/// <param name="Sequence">The last event that is in the state; 0 for none.</param>
/// <param name="TypeId">The writer's number for the kind of state; permanent.</param>
/// <param name="Version">The writer's version of the payload's format.</param>
/// <param name="Payload">The writer's bytes, at most <see cref="JournalLimits.SnapshotBytesMax"/>.</param>
public sealed record Snapshot(long Sequence, uint TypeId, byte Version, ReadOnlyMemory<byte> Payload);
