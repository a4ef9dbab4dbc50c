namespace SigmaComms.ConstantTime.Tests.Probing;

/// <summary>Computes an output from a secret.</summary>
/// <param name="secret">Poisoned.</param>
/// <param name="output">Must come out poisoned.</param>
/// <param name="memcheck">For what the algorithm itself makes public on its way.</param>
internal delegate void ProbeWork(ReadOnlySpan<byte> secret, Span<byte> output, Memcheck memcheck);
