namespace SigmaComms.Cluster.Health;

/// <summary>What the process uses of its machine, as the system tells it.</summary>
/// <param name="CpuCores">Processor cores used on average since the reading before, or since the start.</param>
/// <param name="WorkingSetBytes">Memory of the process.</param>
/// <param name="ManagedBytes">The part of it that the garbage collector manages.</param>
/// <param name="MemoryLimitBytes">Memory that the process may use: the machine's, or its container's.</param>
/// <param name="DiskFreeBytes">Free space where the node's data is; -1 if that cannot be told.</param>
/// <param name="ThreadPoolThreads">Threads of the pool.</param>
/// <param name="ThreadPoolQueue">Work that waits for one.</param>
public sealed record ResourceReading(
    double CpuCores,
    long WorkingSetBytes,
    long ManagedBytes,
    long MemoryLimitBytes,
    long DiskFreeBytes,
    int ThreadPoolThreads,
    long ThreadPoolQueue);
