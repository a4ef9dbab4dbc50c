namespace SigmaComms.Vault.Namespace;

/// <summary>
/// A file, directory, link or device. Changed in place by the store, which keeps a copy of what it was; what its fields
/// refer to is immutable, but for a directory's entries.
/// </summary>
internal sealed class Inode
{
    /// <summary>Its number.</summary>
    public ulong Id;

    /// <summary>Counts its changes, from 1.</summary>
    public ulong Version = 1;

    /// <summary>Bytes of content; of a symbolic link the length of its target; else 0.</summary>
    public long Size;

    /// <summary>When it was read, changed in content, changed at all, and made; nanoseconds since 1970.</summary>
    public long AccessedAt;

    /// <summary>When its content changed.</summary>
    public long ModifiedAt;

    /// <summary>When anything of it changed.</summary>
    public long ChangedAt;

    /// <summary>When it was made.</summary>
    public long CreatedAt;

    /// <summary>
    /// Null, inline bytes or a link's target (byte[]), an <see cref="ExtentMap"/>, or a <see cref="DirectoryTable"/>.
    /// </summary>
    public object? Content;

    /// <summary>Extended attributes, locks and holds; null for nearly all.</summary>
    public InodeExtras? Extras;

    /// <summary>The owner.</summary>
    public uint Uid;

    /// <summary>The group.</summary>
    public uint Gid;

    /// <summary>Names; of a directory 2 and its subdirectories.</summary>
    public int Links;

    /// <summary>A device's number.</summary>
    public uint Device;

    /// <summary>Permissions.</summary>
    public ushort Mode;

    /// <summary>What it is.</summary>
    public FileKind Kind;

    /// <summary>The entries of a directory; null of anything else.</summary>
    public DirectoryTable? Entries => Content as DirectoryTable;

    /// <summary>Whether anybody holds it.</summary>
    public bool IsHeld => Extras is { } extras && !extras.Holders.IsEmpty;

    /// <summary>What it is now.</summary>
    public Inode Clone() => (Inode)MemberwiseClone();

    /// <summary>Makes it what it was.</summary>
    public void Become(Inode former)
    {
        (Version, Size, Content, Extras) = (former.Version, former.Size, former.Content, former.Extras);
        (AccessedAt, ModifiedAt) = (former.AccessedAt, former.ModifiedAt);
        (ChangedAt, CreatedAt) = (former.ChangedAt, former.CreatedAt);
        (Uid, Gid, Links, Device) = (former.Uid, former.Gid, former.Links, former.Device);
        (Mode, Kind) = (former.Mode, former.Kind);
    }
}
