using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Machines;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Tests.Ledgers;

/// <summary>
/// Adds the first byte of every command to a sum and answers with the sum and as many zeros as asked for.
/// </summary>
internal sealed class TallyMachine(ushort id) : IMachine
{
    public ushort Id => id;

    public IMachineState Genesis => new State(0, 0);

    public bool TryRestore(ReadOnlyMemory<byte> snapshot, [NotNullWhen(true)] out IMachineState? state)
    {
        WireReader reader = new(snapshot.Span);
        State read = new(reader.U64(), reader.U64());
        state = reader.AtEnd ? read : null;
        return state is not null;
    }

    internal sealed record State(ulong Sum, ulong Count) : IMachineState
    {
        public Digest Root => Digest.Sha256(new WireWriter().U64(Sum).U64(Count).Written);

        public Applied Apply(in CommandContext context, ReadOnlyMemory<byte> payload)
        {
            State after = new(Sum + payload.Span[0], Count + 1);
            byte[] reply = new byte[8 + (payload.Length > 1 ? payload.Span[1] * 16 : 0)];
            BinaryPrimitives.WriteUInt64BigEndian(reply, after.Sum);
            return new Applied(after, reply);
        }

        public void WriteSnapshot(WireWriter writer) => writer.U64(Sum).U64(Count);
    }
}
