namespace SigmaComms.Actors.Scheduling;

/// <summary>
/// A cheap clock for what only needs some milliseconds: how long messages wait and handlers last. Any clock but the
/// machine's is read exactly.
/// </summary>
internal static class CoarseClock
{
    /// <summary>The time of the watch's last look, some ten milliseconds ago; now if nothing is watched.</summary>
    public static long Now(TimeProvider time) =>
        ReferenceEquals(time, TimeProvider.System) && TurnWatch.IsAwake ? TurnWatch.Now : Read(time);

    /// <summary>The time by the clock's own small steps.</summary>
    public static long Read(TimeProvider time) =>
        ReferenceEquals(time, TimeProvider.System) ? Environment.TickCount64 : time.GetTimestamp();

    public static TimeSpan Elapsed(TimeProvider time, long since) => !ReferenceEquals(time, TimeProvider.System)
        ? time.GetElapsedTime(since)
        : TimeSpan.FromMilliseconds(Math.Max(0, Environment.TickCount64 - since));
}
