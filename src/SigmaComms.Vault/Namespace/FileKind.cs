namespace SigmaComms.Vault.Namespace;

/// <summary>What an inode is.</summary>
public enum FileKind : byte
{
    /// <summary>Not a value.</summary>
    None = 0,

    /// <summary>A regular file.</summary>
    Regular = 1,

    /// <summary>A directory.</summary>
    Directory = 2,

    /// <summary>A symbolic link.</summary>
    Symlink = 3,

    /// <summary>A named pipe.</summary>
    Fifo = 4,

    /// <summary>A socket.</summary>
    Socket = 5,

    /// <summary>A character device.</summary>
    CharacterDevice = 6,

    /// <summary>A block device.</summary>
    BlockDevice = 7,
}
