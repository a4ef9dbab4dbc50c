using SigmaComms.Cryptography;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Vaults;

/// <summary>Which vaults there are and who may write to them: the cluster's control log, or memory.</summary>
/// <remarks>Expected failures are answers, not exceptions. Safe to call from any thread.</remarks>
public interface IVaultDirectory
{
    /// <summary>Makes a vault of this device; its id follows from the device and the salt.</summary>
    /// <param name="salt">32 random bytes.</param>
    /// <param name="cancellation">Stops waiting; the vault may be made nevertheless.</param>
    ValueTask<LogStatus> CreateAsync(Digest salt, CancellationToken cancellation);

    /// <summary>Lets a device write; the owner alone. Doing it again changes nothing.</summary>
    /// <param name="vault">The vault.</param>
    /// <param name="writer">The device.</param>
    /// <param name="cancellation">Stops waiting.</param>
    ValueTask<LogStatus> AddWriterAsync(Digest vault, NodeId writer, CancellationToken cancellation);

    /// <summary>No longer lets a device write; the owner alone. Doing it again changes nothing.</summary>
    /// <param name="vault">The vault.</param>
    /// <param name="writer">The device, not the owner.</param>
    /// <param name="cancellation">Stops waiting.</param>
    ValueTask<LogStatus> RemoveWriterAsync(Digest vault, NodeId writer, CancellationToken cancellation);

    /// <summary>The vaults that this device owns or may write to.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The vaults if it is done, else none.</returns>
    ValueTask<(LogStatus Status, IReadOnlyList<VaultSummary> Vaults)> ListAsync(CancellationToken cancellation);
}
