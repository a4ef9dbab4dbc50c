namespace SigmaComms.Vault.Namespace;

/// <summary>What is known of an inode.</summary>
/// <param name="Inode">Its number.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Owner">Permissions, owner and group.</param>
/// <param name="Links">Names; of a directory 2 and its subdirectories.</param>
/// <param name="Size">Bytes of content.</param>
/// <param name="Device">A device's number.</param>
/// <param name="AccessedAt">When it was read, in nanoseconds since 1970.</param>
/// <param name="ModifiedAt">When its content changed.</param>
/// <param name="ChangedAt">When anything of it changed.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Version">Counts its changes.</param>
public readonly record struct InodeStat(
    ulong Inode,
    FileKind Kind,
    Ownership Owner,
    int Links,
    long Size,
    uint Device,
    long AccessedAt,
    long ModifiedAt,
    long ChangedAt,
    long CreatedAt,
    ulong Version);
