namespace SigmaComms.Actors.Scheduling;

/// <summary>
/// Looks after the threads that run turns: an actor must not wait behind a handler that lasts long, only because it
/// would have been the next on that thread. One thread for the process, asleep when there is nothing to watch; it
/// measures real threads and so uses real time.
/// </summary>
internal static class TurnWatch
{
    private const int QuietMax = 10;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);
    private static readonly Lock Gate = new();
    private static readonly AutoResetEvent Wanted = new(false);
    private static readonly AutoResetEvent Never = new(false);
    private static WeakReference<TurnWorker>[] _workers = [];
    private static long _now = Environment.TickCount64;
    private static bool _started;
    private static int _awake;

    /// <summary>The machine's milliseconds, as of the last look; fresh as long as any worker runs.</summary>
    public static long Now => Volatile.Read(ref _now);

    public static bool IsAwake => Volatile.Read(ref _awake) != 0;

    public static TurnWorker Register(TurnWorker worker)
    {
        lock (Gate)
        {
            _workers = [.. _workers.Where(known => known.TryGetTarget(out _)), new WeakReference<TurnWorker>(worker)];
            if (!_started)
            {
                _started = true;
                new Thread(Watch) { IsBackground = true, Name = "Turns of actors" }.Start();
            }
        }

        return worker;
    }

    /// <summary>A worker begins; somebody has to look after it.</summary>
    public static void Wake()
    {
        if (!IsAwake)
        {
            Volatile.Write(ref _now, Environment.TickCount64);
        }

        if (!IsAwake && Interlocked.Exchange(ref _awake, 1) == 0)
        {
            Wanted.Set();
        }
    }

    private static void Watch()
    {
        while (true)
        {
            Wanted.WaitOne();
            for (int quiet = 0; quiet < QuietMax; quiet++)
            {
                Never.WaitOne(Period);
                if (RelieveAll())
                {
                    quiet = 0;
                }
            }

            // Who begins after this sees that the watch sleeps; who began before is seen here.
            Interlocked.Exchange(ref _awake, 0);
            if (RelieveAll())
            {
                Wake();
            }
        }
    }

    private static bool RelieveAll()
    {
        bool any = false;
        long now = Environment.TickCount64;
        Volatile.Write(ref _now, now);
        foreach (WeakReference<TurnWorker> known in Volatile.Read(ref _workers))
        {
            any |= known.TryGetTarget(out TurnWorker? worker) && worker.Relieve(now);
        }

        return any;
    }
}
