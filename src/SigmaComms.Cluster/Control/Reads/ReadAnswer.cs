namespace SigmaComms.Cluster.Control.Reads;

/// <summary>The answer to <see cref="ReadNow"/>.</summary>
/// <param name="Reading">The state; null if no quorum answered in time.</param>
internal sealed record ReadAnswer(ControlReading? Reading);
