namespace SigmaComms.Node.Benches;

/// <summary>Counts operations for each second of CPU time, which another load on the machine hardly changes.</summary>
internal static class CryptoBench
{
    // Long enough for the runtime to compile the code in its final form.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.5);

    /// <summary>Measures one operation on this thread.</summary>
    /// <param name="operation">What to do.</param>
    /// <param name="length">How much CPU time to spend, after the warm-up.</param>
    /// <param name="stop">Ends it early.</param>
    public static CryptoResult Measure(CryptoOperation operation, TimeSpan length, CancellationToken stop)
    {
        Action work = operation.Prepare();
        (long warm, TimeSpan took) = Spend(work, 1, WarmUp, stop);

        // About a hundred looks at the clock.
        long batch = Math.Max(1, (long)(warm / took.TotalSeconds * length.TotalSeconds / 100));
        (long count, TimeSpan time) = Spend(work, batch, length, stop);
        return new CryptoResult(operation, count, time);
    }

    private static (long Count, TimeSpan Time) Spend(
        Action work, long batch, TimeSpan length, CancellationToken stop)
    {
        TimeSpan start = Environment.CpuUsage.TotalTime;
        long count = 0;
        TimeSpan time;
        do
        {
            stop.ThrowIfCancellationRequested();
            for (long i = 0; i < batch; i++)
            {
                work();
            }

            count += batch;
            time = Environment.CpuUsage.TotalTime - start;
        }
        while (time < length);
        return (count, time);
    }
}
