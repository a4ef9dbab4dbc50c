using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Machines;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Tests.Replicas.Harness;

/// <summary>Remembers a hash of all it was told, and says who votes as it is told.</summary>
internal sealed class TestMachine(ValidatorSet genesis) : IMachine
{
    public const ushort Number = 1;

    /// <summary>First byte of a payload that names the next validators: pairs of node and incarnation follow.</summary>
    public const byte Reconfigure = 0xEE;

    public ushort Id => Number;

    public IMachineState Genesis { get; } = new TestMachineState(Digest.Sha256([]), genesis, null);

    public bool TryRestore(ReadOnlyMemory<byte> snapshot, [NotNullWhen(true)] out IMachineState? state)
    {
        state = null;
        return false;
    }
}
