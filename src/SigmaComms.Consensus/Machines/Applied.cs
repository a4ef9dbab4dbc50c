namespace SigmaComms.Consensus.Machines;

/// <summary>What a command did.</summary>
/// <param name="State">The state after it; the same object if it changed nothing.</param>
/// <param name="Reply">What the client gets, at most 4,096 bytes in the machine's own encoding.</param>
public readonly record struct Applied(IMachineState State, ReadOnlyMemory<byte> Reply);
