namespace SigmaComms.ConstantTime.Tests.Probing;

/// <summary>Computes an output from a secret.</summary>
internal delegate void ProbeWork(ReadOnlySpan<byte> secret, Span<byte> output);
