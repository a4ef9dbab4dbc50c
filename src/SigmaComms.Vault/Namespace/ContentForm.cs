namespace SigmaComms.Vault.Namespace;

/// <summary>How a snapshot holds an inode's content.</summary>
internal enum ContentForm : byte
{
    /// <summary>There is none.</summary>
    None = 0,

    /// <summary>Bytes of a small file, or a link's target.</summary>
    Inline = 1,

    /// <summary>Ranges of stripes.</summary>
    Extents = 2,

    /// <summary>Entries.</summary>
    Directory = 3,
}
