namespace SigmaComms.Persistence;

/// <summary>The end of an append.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="HighestSequence">
/// The highest sequence of the persistence id after the append; -1 if it is not known
/// (<see cref="AppendStatus.Rejected"/>, <see cref="AppendStatus.Unknown"/>).
/// </param>
/// <param name="Reason">Why, for a person; null when all was stored.</param>
public readonly record struct AppendResult(AppendStatus Status, long HighestSequence, string? Reason = null)
{
    /// <summary>Whether all events are durable.</summary>
    public bool IsStored => Status == AppendStatus.Stored;
}
