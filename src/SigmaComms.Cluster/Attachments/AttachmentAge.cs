using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Attachments;

/// <summary>
/// How long attachments are kept. Their age is the day in their vault's id: the same at every holder, also of what was
/// repaired or moved. Safe to use from any thread.
/// </summary>
/// <param name="timeToLive">How long, from the end of the day on which they were sent.</param>
/// <param name="time">The clock.</param>
internal sealed class AttachmentAge(TimeSpan timeToLive, TimeProvider time)
{
    private int Today => AttachmentVault.DayOf(time.GetUtcNow());

    /// <summary>Whether attachments of a day are not kept any more.</summary>
    public bool IsOver(int day) =>
        time.GetUtcNow().UtcDateTime - DateTime.UnixEpoch >= TimeSpan.FromDays(day + 1L) + timeToLive;

    /// <summary>Whether it can be today with the sender: clocks are a day off at the most.</summary>
    public bool IsToday(int day) => Math.Abs((long)day - Today) <= 1;

    /// <summary>Whether the day has not come yet, by a clock that is a day off at the most.</summary>
    public bool IsAhead(int day) => day > Today + 1L;
}
