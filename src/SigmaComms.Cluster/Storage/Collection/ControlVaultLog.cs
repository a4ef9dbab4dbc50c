using SigmaComms.Cluster.Control;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Storage.Collection;

/// <summary>The vaults' logs in the control log.</summary>
internal sealed class ControlVaultLog(ControlLog log) : IVaultLog
{
    private const int EntriesMax = 1_024;
    private const int BytesMax = 4 << 20;
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public IReadOnlyList<(Digest Vault, ulong Count)> Vaults =>
        [.. (State()?.Vaults ?? []).Select(vault => (vault.Id, vault.Count))];

    /// <inheritdoc/>
    public VaultLogPage? Read(Digest vault, ulong from)
    {
        if (State()?.Find(vault) is not { } stream)
        {
            return null;
        }

        ulong first = Math.Max(from, stream.First);
        return new VaultLogPage(
            first, [.. stream.Read(first, EntriesMax, BytesMax).Select(entry => entry.Content)]);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> CatchUpAsync(CancellationToken ct) =>
        await log.ReadLinearizableAsync(ReadLimit, ct) is not null;

    private VaultCommandsState? State() =>
        log.Read().Ledger.StateOf(MachineIds.VaultCommands) as VaultCommandsState;
}
