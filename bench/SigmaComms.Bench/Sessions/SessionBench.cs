using System.Diagnostics;
using System.Globalization;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Bench.Sessions;

/// <summary>Session set-up, one-way and ping-pong messages in one process, on one thread, 1 KB each.</summary>
internal static class SessionBench
{
    private const int PayloadBytes = 1_024;

    /// <summary>Runs all and prints a line for each.</summary>
    public static void Run()
    {
        using SessionBenchParty alpha = new("alpha");
        using SessionBenchParty beta = new("beta");
        byte[] payload = new byte[PayloadBytes];
        SetUp(alpha, beta, payload, 200);
        double[] milliseconds = SetUp(alpha, beta, payload, 500);
        Print("session set-up p50", milliseconds[milliseconds.Length / 2], "ms");
        Print("session set-up p99", milliseconds[milliseconds.Length * 99 / 100], "ms");
        (DeviceSessions a, DeviceSessions b) = Establish(alpha, beta, payload);
        OneWay(alpha, beta, a, b, payload, 20_000);
        Print("one way, encrypt + decrypt", OneWay(alpha, beta, a, b, payload, 50_000), "pairs/s");
        PingPong(alpha, beta, a, b, payload, 2_000);
        Print("ping-pong", PingPong(alpha, beta, a, b, payload, 10_000), "messages/s");
        Print("state after it", Export(b, out double exportsPerSecond), "bytes");
        Print("export", exportsPerSecond, "/s");
    }

    private static double[] SetUp(SessionBenchParty alpha, SessionBenchParty beta, byte[] payload, int count)
    {
        double[] milliseconds = new double[count];
        for (int i = 0; i < count; i++)
        {
            PrekeyBundle bundle = beta.OneTimeBundle();
            DeviceSessions a = DeviceSessions.New(alpha.Device.DeviceId, beta.Remote);
            DeviceSessions b = DeviceSessions.New(beta.Device.DeviceId, alpha.Remote);
            long start = Stopwatch.GetTimestamp();
            byte[] message = alpha.Seal(a, payload, bundle);
            beta.Open(b, message, alpha.Remote);
            milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(milliseconds);
        return milliseconds;
    }

    private static (DeviceSessions A, DeviceSessions B) Establish(
        SessionBenchParty alpha, SessionBenchParty beta, byte[] payload)
    {
        DeviceSessions a = DeviceSessions.New(alpha.Device.DeviceId, beta.Remote);
        DeviceSessions b = DeviceSessions.New(beta.Device.DeviceId, alpha.Remote);
        beta.Open(b, alpha.Seal(a, payload, beta.OneTimeBundle()), alpha.Remote);
        alpha.Open(a, beta.Seal(b, payload, null), beta.Remote);
        return (a, b);
    }

    private static double OneWay(
        SessionBenchParty alpha, SessionBenchParty beta, DeviceSessions a, DeviceSessions b, byte[] payload, int count)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            beta.Open(b, alpha.Seal(a, payload, null), alpha.Remote);
        }

        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double PingPong(
        SessionBenchParty alpha, SessionBenchParty beta, DeviceSessions a, DeviceSessions b, byte[] payload, int count)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i += 2)
        {
            beta.Open(b, alpha.Seal(a, payload, null), alpha.Remote);
            alpha.Open(a, beta.Seal(b, payload, null), beta.Remote);
        }

        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Export(DeviceSessions sessions, out double perSecond)
    {
        const int Count = 5_000;
        int bytes = 0;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Count; i++)
        {
            bytes = sessions.Export().Length;
        }

        perSecond = Count / Stopwatch.GetElapsedTime(start).TotalSeconds;
        return bytes;
    }

    private static void Print(string what, double value, string unit) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-30} {value,12:N2} {unit}"));
}
