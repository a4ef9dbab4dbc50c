namespace SigmaComms.Persistence.Stripes;

/// <summary>How far the log of a vault was followed.</summary>
/// <param name="Followed">The index of the next entry.</param>
/// <param name="GapTicks">
/// When it was noticed last that entries were dropped from the log before they were seen, in UTC ticks; 0 if never.
/// What these said of stripes is not known.
/// </param>
public readonly record struct VaultFollowing(ulong Followed, long GapTicks);
