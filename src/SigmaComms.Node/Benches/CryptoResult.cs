namespace SigmaComms.Node.Benches;

/// <summary>What was measured.</summary>
/// <param name="Operation">Of what.</param>
/// <param name="Count">Operations that were done.</param>
/// <param name="CpuTime">CPU time of the whole process for them.</param>
internal sealed record CryptoResult(CryptoOperation Operation, long Count, TimeSpan CpuTime)
{
    /// <summary>Operations in a second of one core.</summary>
    public double PerSecond => Count / CpuTime.TotalSeconds;
}
