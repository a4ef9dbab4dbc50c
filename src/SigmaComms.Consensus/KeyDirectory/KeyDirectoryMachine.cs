using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Machines;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.KeyDirectory;

/// <summary>
/// Says which keys belong to which account, so that clients can check that everybody is told the same.
/// </summary>
/// <param name="judge">Reads account records.</param>
/// <param name="limits">How much it holds.</param>
public sealed class KeyDirectoryMachine(IRecordJudge judge, DirectoryLimits limits) : IMachine
{
    /// <inheritdoc/>
    public ushort Id => MachineIds.KeyDirectory;

    /// <inheritdoc/>
    public IMachineState Genesis { get; } = new KeyDirectoryState(judge, limits);

    /// <inheritdoc/>
    public bool TryRestore(ReadOnlyMemory<byte> snapshot, [NotNullWhen(true)] out IMachineState? state)
    {
        var reader = new WireReader(snapshot.Span);
        KeyDirectoryState? read = KeyDirectoryState.Read(ref reader, judge, limits);
        state = reader.AtEnd ? read : null;
        return state is not null;
    }
}
