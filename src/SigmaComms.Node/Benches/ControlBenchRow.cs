namespace SigmaComms.Node.Benches;

/// <summary>What was measured with one number of clients.</summary>
/// <param name="Clients">How many asked at a time.</param>
/// <param name="SizeBytes">Bytes of each entry.</param>
/// <param name="Puts">Entries that were appended and final.</param>
/// <param name="Failures">Those that were not final in time, or refused; a run with any does not count.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="ProcessorSeconds">Processor time of this process, all validators and clients, meanwhile.</param>
/// <param name="P50Milliseconds">Half of the waits were shorter.</param>
/// <param name="P99Milliseconds">Of a hundred waits 99 were shorter.</param>
internal sealed record ControlBenchRow(
    int Clients, int SizeBytes, int Puts, int Failures, double Seconds, double ProcessorSeconds, double P50Milliseconds,
    double P99Milliseconds)
{
    /// <summary>What an entry costs in processor time; it says more than a wait on a machine that is shared.
    /// </summary>
    public double ProcessorMillisecondsPerPut => 1_000 * ProcessorSeconds / Puts;

    /// <summary>Final entries a second.</summary>
    public double PutsPerSecond => Puts / Seconds;
}
