namespace SigmaComms.Actors.Health;

/// <summary>How long the handler that runs now has been holding its thread, as the watch of the turns saw it.</summary>
internal sealed class HoldingNote
{
    private const long QuietMilliseconds = 10_000;

    private long _ticks;
    private long? _told;

    /// <summary>How long, or zero.</summary>
    public TimeSpan For => TimeSpan.FromTicks(Volatile.Read(ref _ticks));

    /// <summary>Notes it. Returns whether somebody should hear of it.</summary>
    public bool Note(TimeSpan length)
    {
        bool fresh = _ticks == 0 && length > TimeSpan.Zero;
        Volatile.Write(ref _ticks, length.Ticks);
        long now = Environment.TickCount64;
        if (!fresh || (_told is { } told && now - told < QuietMilliseconds))
        {
            return false;
        }

        _told = now;
        return true;
    }
}
