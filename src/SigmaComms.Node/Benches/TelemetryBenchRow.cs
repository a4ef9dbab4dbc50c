namespace SigmaComms.Node.Benches;

/// <summary>What was measured of one way an event can go.</summary>
/// <param name="Name">What was done.</param>
/// <param name="Cost">The medians of several runs.</param>
/// <param name="BarNanoseconds">What it may take.</param>
/// <param name="Dropped">Events that found no place; not 0 means that the row counts nothing.</param>
internal sealed record TelemetryBenchRow(string Name, TelemetryCost Cost, double BarNanoseconds, long Dropped);
