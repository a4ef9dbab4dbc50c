using SigmaComms.Client.Vaults.Trees;
using SigmaComms.Vault.Namespace;

namespace SigmaComms.Client.Vaults;

/// <summary>What is set of a file that is put.</summary>
public sealed class PutOptions
{
    /// <summary>Its permissions. Default: 0644.</summary>
    public UnixFileMode Mode { get; set; } =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>The number of its owner. Default: 0.</summary>
    public uint Uid { get; set; }

    /// <summary>The number of its group. Default: 0.</summary>
    public uint Gid { get; set; }

    /// <summary>When its content changed. Default: now.</summary>
    public DateTimeOffset? ModifiedAt { get; set; }

    /// <summary>Whether a file of this name is replaced. Default: yes.</summary>
    public bool MayReplace { get; set; } = true;

    /// <summary>Whether directories above it that are missing are made. Default: no.</summary>
    public bool MakesParents { get; set; }

    /// <summary>Whose it is and who may do what.</summary>
    internal Ownership Owner => new((ushort)((int)Mode & Ownership.ModeMask), Uid, Gid);

    /// <summary>Takes over mode, owner and date of a file of this machine; a link is followed.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The link leads nowhere.</exception>
    public void TakeFrom(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string file = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
        LocalStat stat = LocalFiles.Look(file);
        Mode = (UnixFileMode)stat.Mode;
        Uid = stat.Uid;
        Gid = stat.Gid;
        ModifiedAt = UnixTime.ToDate(stat.ModifiedAt);
    }
}
