namespace SigmaComms.Persistence;

/// <summary>An event to be stored. The bytes must not change until the append has ended.</summary>
/// <param name="TypeId">The writer's number for the kind of event; permanent.</param>
/// <param name="Version">The writer's version of the payload's format.</param>
/// <param name="Payload">The writer's bytes, at most <see cref="JournalLimits.PayloadBytesMax"/>.</param>
public sealed record NewEvent(uint TypeId, byte Version, ReadOnlyMemory<byte> Payload);
