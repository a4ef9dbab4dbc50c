using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Machines;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Simulation.Registers;

/// <summary>A few numbers that clients read and change; small enough for a checker to follow every history.</summary>
/// <param name="isTwice">Whether additions happen twice: a planted fault.</param>
internal sealed class RegisterMachine(bool isTwice) : IMachine
{
    public const ushort Number = 900;

    public ushort Id => Number;

    public IMachineState Genesis { get; } = new RegisterState(ImmutableSortedDictionary<byte, ulong>.Empty, isTwice);

    public bool TryRestore(ReadOnlyMemory<byte> snapshot, [NotNullWhen(true)] out IMachineState? state)
    {
        var reader = new WireReader(snapshot.Span);
        int count = reader.U8();
        var values = ImmutableSortedDictionary.CreateBuilder<byte, ulong>();
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            values[reader.U8()] = reader.U64();
        }

        state = reader.AtEnd ? new RegisterState(values.ToImmutable(), isTwice) : null;
        return state is not null;
    }
}
