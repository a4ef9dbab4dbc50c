namespace SigmaComms.Cluster.Health;

/// <summary>Asks the system what the process uses. Not safe to call from two threads at once.</summary>
internal sealed class ResourceReader(string dataDirectory, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private TimeSpan _cpu;
    private TimeSpan _at;

    public ResourceReading Read()
    {
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        TimeSpan at = time.GetElapsedTime(_started);
        double cores = at > _at ? (cpu - _cpu) / (at - _at) : 0;
        _cpu = cpu;
        _at = at;
        return new ResourceReading(
            Math.Round(Math.Clamp(cores, 0, Environment.ProcessorCount), 3),
            Environment.WorkingSet,
            GC.GetTotalMemory(forceFullCollection: false),
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            FreeBytes(),
            ThreadPool.ThreadCount,
            ThreadPool.PendingWorkItemCount);
    }

    // A folder that cannot be looked at is the concern of the storage check.
    private long FreeBytes()
    {
        try
        {
            return new DriveInfo(dataDirectory).AvailableFreeSpace;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return -1;
        }
    }
}
