using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Machines;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Signers;

/// <summary>
/// Says whose commands are executed: those of members of the cluster, and of keys that a member vouches for. A ledger
/// without this machine executes everybody's.
/// </summary>
/// <param name="limits">How much signers may do.</param>
public sealed class SignersMachine(SignerLimits limits) : IMachine
{
    /// <inheritdoc/>
    public ushort Id => MachineIds.Signers;

    /// <inheritdoc/>
    public IMachineState Genesis { get; } = new SignersState(limits);

    /// <inheritdoc/>
    public bool TryRestore(ReadOnlyMemory<byte> snapshot, [NotNullWhen(true)] out IMachineState? state)
    {
        var reader = new WireReader(snapshot.Span);
        SignersState? read = SignersState.Read(ref reader, limits);
        state = reader.AtEnd ? read : null;
        return state is not null;
    }
}
