using System.Diagnostics.CodeAnalysis;

namespace SigmaComms.Consensus.Machines;

/// <summary>A deterministic state machine that the control log drives.</summary>
public interface IMachine
{
    /// <summary>Its permanent number, in commands and snapshots.</summary>
    ushort Id { get; }

    /// <summary>The state before the first command.</summary>
    IMachineState Genesis { get; }

    /// <summary>Reads what <see cref="IMachineState.WriteSnapshot"/> wrote.</summary>
    /// <param name="snapshot">The bytes; untrusted until the root is compared.</param>
    /// <param name="state">The state, or null.</param>
    /// <returns>False if the bytes are no snapshot of this machine.</returns>
    bool TryRestore(ReadOnlyMemory<byte> snapshot, [NotNullWhen(true)] out IMachineState? state);
}
