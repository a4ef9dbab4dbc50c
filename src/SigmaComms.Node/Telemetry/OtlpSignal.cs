namespace SigmaComms.Node.Telemetry;

/// <summary>What an OTLP request holds; the numbers are written to disk.</summary>
internal enum OtlpSignal : byte
{
    /// <summary>Log events.</summary>
    Logs = 1,

    /// <summary>Spans.</summary>
    Traces = 2,

    /// <summary>Figures.</summary>
    Metrics = 3,
}
