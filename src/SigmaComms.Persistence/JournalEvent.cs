namespace SigmaComms.Persistence;

/// <summary>One event as it was stored.</summary>
/// <param name="Sequence">Its place in the journal of its persistence id: 1, 2, 3 and so on, without gaps.</param>
/// <param name="TypeId">The writer's number for the kind of event; permanent.</param>
/// <param name="Version">The writer's version of the payload's format.</param>
/// <param name="UtcTicks">When it was stored, in ticks of <see cref="DateTime"/>, UTC.</param>
/// <param name="Payload">The writer's bytes, at most <see cref="JournalLimits.PayloadBytesMax"/>.</param>
public sealed record JournalEvent(
    long Sequence, uint TypeId, byte Version, long UtcTicks, ReadOnlyMemory<byte> Payload);
