namespace SigmaComms.Consensus.Machines;

/// <summary>What a command did.</summary>
/// <param name="State">The state after it; the same object if it changed nothing.</param>
/// <param name="Reply">What the client gets, at most 4,096 bytes in the machine's own encoding.</param>
/// <param name="Charge">
/// How much of what is never freed again the command used up, in units of the signer's share.
/// </param>
public readonly record struct Applied(IMachineState State, ReadOnlyMemory<byte> Reply, uint Charge = 0);
