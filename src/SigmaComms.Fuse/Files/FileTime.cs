namespace SigmaComms.Fuse.Files;

/// <summary>A point in time of a file.</summary>
/// <param name="Seconds">Since 1970, may be negative.</param>
/// <param name="Nanoseconds">0 to 999,999,999 after that second.</param>
public readonly record struct FileTime(long Seconds, uint Nanoseconds)
{
    private const int NanosecondsPerTick = 100;

    /// <summary>The time of a clock, which is exact to 100 ns.</summary>
    public static FileTime From(DateTimeOffset time)
    {
        long ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        long seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out long rest);
        return rest < 0
            ? new FileTime(seconds - 1, (uint)((rest + TimeSpan.TicksPerSecond) * NanosecondsPerTick))
            : new FileTime(seconds, (uint)(rest * NanosecondsPerTick));
    }
}
