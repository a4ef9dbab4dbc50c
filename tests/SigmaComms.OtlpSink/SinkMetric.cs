namespace SigmaComms.OtlpSink;

/// <summary>One figure as the sink got it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="IsDelta">Whether it says what was added since the last one.</param>
/// <param name="Value">The sum over its points; of a histogram the count.</param>
/// <param name="Bounds">The buckets of a histogram.</param>
public sealed record SinkMetric(string Name, string Unit, bool IsDelta, double Value, IReadOnlyList<double> Bounds);
