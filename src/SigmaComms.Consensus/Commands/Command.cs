using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Commands;

/// <summary>What a client wants a state machine to do, exactly once.</summary>
/// <param name="Client">The client's session; whoever signed its first command owns it.</param>
/// <param name="Sequence">Counts the session's commands from 1; a repeat gets the first one's reply.</param>
/// <param name="Machine">The number of the state machine.</param>
/// <param name="Payload">What that machine reads, 1 to 65,536 bytes.</param>
public sealed record Command(Digest Client, ulong Sequence, ushort Machine, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The largest payload: 65,536 bytes.</summary>
    public const int PayloadSizeMax = 65_536;
}
