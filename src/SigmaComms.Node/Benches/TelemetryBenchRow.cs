namespace SigmaComms.Node.Benches;

/// <summary>What one log event costs who tells it; the medians of several runs.</summary>
/// <param name="Name">What was done.</param>
/// <param name="Nanoseconds">Time on the wall.</param>
/// <param name="Bytes">Memory that the telling thread allocated.</param>
/// <param name="BarNanoseconds">What it may take.</param>
/// <param name="Dropped">Events that found no place; not 0 means that the row counts nothing.</param>
internal sealed record TelemetryBenchRow(
    string Name, double Nanoseconds, double Bytes, double BarNanoseconds, long Dropped);
