using SigmaComms.Client.Vaults;
using SigmaComms.Vault.Namespace;

namespace SigmaComms.Node.Vaults;

/// <summary>Where something goes in a vault: into the directory that is named, or under the name itself.</summary>
internal static class VaultTarget
{
    /// <summary>The path it gets.</summary>
    /// <param name="vault">The vault.</param>
    /// <param name="to">What was typed.</param>
    /// <param name="name">What it is called now.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<VaultPath> OfAsync(
        OpenedVault vault, VaultAddress to, EntryName name, CancellationToken stop) =>
        to.IsFolder || await IsDirectoryAsync(vault, to.Path, stop) ? to.Path.In(name) : to.Path;

    private static async Task<bool> IsDirectoryAsync(OpenedVault vault, VaultPath path, CancellationToken stop)
    {
        try
        {
            return (await vault.StatAsync(path, stop)).IsDirectory;
        }
        catch (VaultException fault) when (fault is { Reason: VaultFailure.Namespace, Errno: Errno.NotFound })
        {
            return false;
        }
    }
}
