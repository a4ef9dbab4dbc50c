namespace SigmaComms.Node.Benches;

/// <summary>What one log event costs the thread that tells it.</summary>
/// <param name="Nanoseconds">Time on the wall.</param>
/// <param name="CpuNanoseconds">Time in which the thread itself ran; not a number where that is not told.</param>
/// <param name="Bytes">Memory that it allocated.</param>
internal sealed record TelemetryCost(double Nanoseconds, double CpuNanoseconds, double Bytes);
