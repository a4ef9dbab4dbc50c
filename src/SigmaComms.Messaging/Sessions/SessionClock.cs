namespace SigmaComms.Messaging.Sessions;

/// <summary>Time as sessions count it: whole milliseconds since 1970.</summary>
internal static class SessionClock
{
    /// <summary>The milliseconds; 0 for earlier times.</summary>
    public static ulong Milliseconds(DateTimeOffset now) => (ulong)Math.Max(0, now.ToUnixTimeMilliseconds());

    /// <summary>Whether this much time has passed; false if the clock went back.</summary>
    public static bool HasPassed(ulong sinceMs, ulong nowMs, TimeSpan span) =>
        nowMs >= sinceMs && nowMs - sinceMs >= (ulong)span.TotalMilliseconds;
}
