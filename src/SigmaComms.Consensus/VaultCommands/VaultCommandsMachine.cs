using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Machines;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.VaultCommands;

/// <summary>
/// Orders the opaque entries of every vault. It can read neither names nor contents; it checks that the signer may
/// append and that no number of a writer is left out or used twice.
/// </summary>
/// <param name="limits">How much it holds.</param>
public sealed class VaultCommandsMachine(VaultLimits limits) : IMachine
{
    /// <inheritdoc/>
    public ushort Id => MachineIds.VaultCommands;

    /// <inheritdoc/>
    public IMachineState Genesis { get; } = new VaultCommandsState(limits);

    /// <inheritdoc/>
    public bool TryRestore(ReadOnlyMemory<byte> snapshot, [NotNullWhen(true)] out IMachineState? state)
    {
        var reader = new WireReader(snapshot.Span);
        VaultCommandsState? read = VaultCommandsState.Read(ref reader, limits);
        state = reader.AtEnd ? read : null;
        return state is not null;
    }
}
