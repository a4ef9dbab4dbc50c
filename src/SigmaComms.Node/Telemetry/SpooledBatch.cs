namespace SigmaComms.Node.Telemetry;

/// <summary>One request body that waits for the server.</summary>
/// <param name="Number">Its place in the order.</param>
/// <param name="Signal">What it holds.</param>
/// <param name="Body">OTLP in protobuf.</param>
internal sealed record SpooledBatch(long Number, OtlpSignal Signal, ReadOnlyMemory<byte> Body);
