using System.Buffers.Binary;
using System.Collections.Immutable;
using SigmaComms.Consensus.Machines;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Simulation.Registers;

/// <summary>The registers after some commands.</summary>
internal sealed class RegisterState(ImmutableSortedDictionary<byte, ulong> values, bool isTwice) : IMachineState
{
    private Digest? _root;

    public Digest Root => _root ??= ComputeRoot();

    public Applied Apply(in CommandContext context, ReadOnlyMemory<byte> payload)
    {
        if (!RegisterOperation.TryDecode(payload.Span, out RegisterOperation operation))
        {
            return new Applied(this, default);
        }

        ulong before = values.GetValueOrDefault(operation.Register);
        (ulong after, ulong reply) = operation.Apply(before);
        if (isTwice && operation.Action == RegisterAction.Add)
        {
            (after, reply) = operation.Apply(after);
        }

        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, reply);
        return new Applied(
            after == before ? this : new RegisterState(values.SetItem(operation.Register, after), isTwice), bytes);
    }

    public void WriteSnapshot(WireWriter writer)
    {
        writer.U8((byte)values.Count);
        foreach ((byte register, ulong value) in values)
        {
            writer.U8(register).U64(value);
        }
    }

    private Digest ComputeRoot()
    {
        WireWriter writer = new(64);
        WriteSnapshot(writer);
        return Digest.Sha256(writer.Written);
    }
}
