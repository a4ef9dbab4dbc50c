namespace SigmaComms.Vault.Namespace;

/// <summary>How much a namespace holds. Part of the format: everybody refuses the same.</summary>
public static class NamespaceLimits
{
    /// <summary>The root's number: 1.</summary>
    public const ulong Root = 1;

    /// <summary>The largest number of an inode: 2^63 - 1.</summary>
    public const ulong InodeMax = long.MaxValue;

    /// <summary>The most inodes: 16,777,216.</summary>
    public const int InodesMax = 1 << 24;

    /// <summary>The largest file: 2^60 bytes.</summary>
    public const long FileSizeMax = 1L << 60;

    /// <summary>The most content that lives in the namespace itself: 2 KiB.</summary>
    public const int InlineSizeMax = 2_048;

    /// <summary>The longest target of a symbolic link: 4,095 bytes.</summary>
    public const int TargetSizeMax = 4_095;

    /// <summary>The most hard links of a file: 65,000.</summary>
    public const int LinksMax = 65_000;

    /// <summary>The longest name of an extended attribute: 255 bytes.</summary>
    public const int XattrNameSizeMax = 255;

    /// <summary>The largest value of an extended attribute: 16 KiB.</summary>
    public const int XattrValueSizeMax = 16 * 1024;

    /// <summary>The most bytes of names and values of all extended attributes of an inode: 64 KiB.</summary>
    public const int XattrSizeMax = 64 * 1024;

    /// <summary>The most locks on an inode: 1,024.</summary>
    public const int LocksMax = 1_024;

    /// <summary>The most operations of a batch: 4,096.</summary>
    public const int OperationsMax = 4_096;
}
