namespace SigmaComms.Vault.Scatter;

/// <summary>When the first fragment of a stripe was sent to a node.</summary>
/// <remarks>
/// Nodes reclaim after a day what no entry of the log adds, and cannot see how old an entry is that comes late. So an
/// entry that adds a stripe is sent within half a day after this, or never.
/// </remarks>
/// <param name="Date">By the calendar, which goes on while the machine sleeps.</param>
/// <param name="Timestamp">By the counter, which goes on while somebody sets the calendar back.</param>
public readonly record struct StagingTime(DateTimeOffset Date, long Timestamp)
{
    /// <summary>How long after it an entry may be sent that adds the stripe: 12 hours.</summary>
    public static readonly TimeSpan AgeMax = TimeSpan.FromHours(12);

    /// <summary>Now.</summary>
    /// <param name="time">The clock.</param>
    public static StagingTime Now(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return new StagingTime(time.GetUtcNow(), time.GetTimestamp());
    }

    /// <summary>
    /// Whether the stripe must not be added any more: by the calendar or the counter, whichever says more.
    /// </summary>
    /// <param name="time">The clock.</param>
    public bool IsOverdue(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return time.GetUtcNow() - Date >= AgeMax || time.GetElapsedTime(Timestamp) >= AgeMax;
    }
}
