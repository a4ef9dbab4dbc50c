using System.Runtime.InteropServices;

namespace SigmaComms.Bench.Channels;

/// <summary>CPU time of the calling thread, so that a busy machine does not spoil the figures.</summary>
internal static class ThreadTime
{
    private const int ThreadCpuClock = 3; // CLOCK_THREAD_CPUTIME_ID on Linux.

    /// <summary>Nanoseconds of CPU time so far.</summary>
    public static long Nanoseconds
    {
        get
        {
            _ = ReadClock(ThreadCpuClock, out Instant now);
            return (now.Seconds * 1_000_000_000) + now.Nanoseconds;
        }
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int ReadClock(int clock, out Instant time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Instant
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
