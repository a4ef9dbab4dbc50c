using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Storage.Collection;

/// <summary>The logs of all vaults as this node has them: the control log's, or a test's.</summary>
internal interface IVaultLog
{
    /// <summary>The vaults there are, and the index of the next entry of each.</summary>
    IReadOnlyList<(Digest Vault, ulong Count)> Vaults { get; }

    /// <summary>Reads entries.</summary>
    /// <param name="vault">The vault.</param>
    /// <param name="from">The first that is wanted.</param>
    /// <returns>Null if there is no such vault.</returns>
    VaultLogPage? Read(Digest vault, ulong from);

    /// <summary>Waits until everything is here that was final anywhere before the call.</summary>
    /// <param name="ct">Gives up.</param>
    /// <returns>False if nobody can say now.</returns>
    ValueTask<bool> CatchUpAsync(CancellationToken ct);
}
