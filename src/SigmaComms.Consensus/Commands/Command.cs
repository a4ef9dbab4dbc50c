using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

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

    /// <summary>Bytes of an encoded command besides its payload: 45.</summary>
    public const int OverheadSize = Digest.SizeBytes + 8 + 2 + 3;

    /// <summary>Whether client, sequence and payload are within their limits.</summary>
    public bool IsWellFormed => Sequence > 0 && Payload.Length is > 0 and <= PayloadSizeMax;

    /// <summary>Writes the command. Byte table: docs/formats/commands.md.</summary>
    /// <param name="writer">Receives it.</param>
    public void WriteTo(WireWriter writer) =>
        writer.Digest(Client).U64(Sequence).U16(Machine).Opaque24(Payload.Span);
}
