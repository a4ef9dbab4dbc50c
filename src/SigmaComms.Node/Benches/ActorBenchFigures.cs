namespace SigmaComms.Node.Benches;

/// <summary>Of one operation: the medians of several runs.</summary>
/// <param name="Nanoseconds">Time on the wall.</param>
/// <param name="CpuNanoseconds">Time of all cores.</param>
/// <param name="Bytes">Memory that was allocated.</param>
internal sealed record ActorBenchFigures(double Nanoseconds, double CpuNanoseconds, double Bytes);
