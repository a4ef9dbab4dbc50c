namespace SigmaComms.Client.Vaults;

/// <summary>Times in a namespace: nanoseconds since 1970.</summary>
internal static class UnixTime
{
    private static readonly long TicksMin = DateTimeOffset.MinValue.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
    private static readonly long TicksMax = DateTimeOffset.MaxValue.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;

    /// <summary>The date; a time that no date can say becomes the nearest one.</summary>
    public static DateTimeOffset ToDate(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(
        Math.Clamp(nanoseconds / TimeSpan.NanosecondsPerTick, TicksMin, TicksMax));

    /// <summary>The time; a date outside of 1677 to 2262 becomes the nearest one.</summary>
    public static long Of(DateTimeOffset date)
    {
        long ticks = date.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        long limit = long.MaxValue / TimeSpan.NanosecondsPerTick;
        return Math.Clamp(ticks, -limit, limit) * TimeSpan.NanosecondsPerTick;
    }

    /// <summary>The time of a disk; one outside of 1677 to 2262 becomes the nearest one.</summary>
    /// <param name="seconds">Whole seconds since 1970, rounded down.</param>
    /// <param name="nanoseconds">The rest, below a second.</param>
    public static long Of(long seconds, uint nanoseconds)
    {
        const long second = 1_000_000_000;
        const long limit = (long.MaxValue / second) - 1;
        return (Math.Clamp(seconds, -limit, limit) * second) + Math.Min(nanoseconds, second - 1);
    }
}
