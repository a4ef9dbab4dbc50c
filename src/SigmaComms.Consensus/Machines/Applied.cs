namespace SigmaComms.Consensus.Machines;

/// <summary>What a command did.</summary>
/// <param name="State">The state after it; the same object if it changed nothing.</param>
/// <param name="Reply">What the client gets: the machine's own encoding, at most 4,096 bytes; the same everywhere.</param>
public readonly record struct Applied(IMachineState State, ReadOnlyMemory<byte> Reply);
