using SigmaComms.Vault.Namespace;

namespace SigmaComms.Client.Vaults.Trees;

/// <summary>Something of a local tree that goes into a vault.</summary>
/// <param name="Local">Its path on this machine.</param>
/// <param name="Target">The path it gets.</param>
/// <param name="Stat">What it was when it was looked at.</param>
/// <param name="Size">Bytes of a file.</param>
internal sealed record LocalItem(string Local, VaultPath Target, LocalStat Stat, long Size)
{
    /// <summary>File, directory or link.</summary>
    public LocalKind Kind => Stat.Kind;

    /// <summary>Whose it is and who may do what.</summary>
    public Ownership Owner => new(Stat.Mode, Stat.Uid, Stat.Gid);
}
