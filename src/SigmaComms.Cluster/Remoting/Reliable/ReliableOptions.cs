namespace SigmaComms.Cluster.Remoting.Reliable;

/// <summary>The bounds of a reliable stream; the same on both sides.</summary>
public sealed class ReliableOptions
{
    /// <summary>Messages on their way without acknowledgement, 1 to 65,536. Default 1,024.</summary>
    public int WindowMessages { get; set; } = 1_024;

    /// <summary>Bytes on their way without acknowledgement, 1 KiB to 1 GiB. Default 4 MiB.</summary>
    public long WindowBytes { get; set; } = 4L << 20;

    /// <summary>Messages that are sent again at one time, 1 to 65,536. Default 64.</summary>
    public int ResendMax { get; set; } = 64;

    /// <summary>The wait before the first sending again, 1 ms to 1 h. Default 200 ms.</summary>
    public TimeSpan WaitMin { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait, up to 1 day; each is twice the one before. Default 30 s.</summary>
    public TimeSpan WaitMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Throws if a value is out of its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public void Validate()
    {
        RequireRange(WindowMessages, 1, 65_536, nameof(WindowMessages));
        RequireRange(WindowBytes, 1_024, 1L << 30, nameof(WindowBytes));
        RequireRange(ResendMax, 1, 65_536, nameof(ResendMax));
        RequireRange(WaitMin, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1), nameof(WaitMin));
        RequireRange(WaitMax, WaitMin, TimeSpan.FromDays(1), nameof(WaitMax));
    }

    private static void RequireRange<T>(T value, T least, T most, string name)
        where T : IComparable<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, name);
    }
}
