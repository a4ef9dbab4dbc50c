namespace SigmaComms.Fuse.Files;

/// <summary>Bits of a node's mode: what it is, and the special bits. Permissions are the lowest nine.</summary>
public static class NodeMode
{
    /// <summary>The bits that say what a node is.</summary>
    public const uint TypeMask = 0xF000;

    /// <summary>A socket.</summary>
    public const uint Socket = 0xC000;

    /// <summary>A symbolic link.</summary>
    public const uint SymbolicLink = 0xA000;

    /// <summary>A regular file.</summary>
    public const uint Regular = 0x8000;

    /// <summary>A block device.</summary>
    public const uint BlockDevice = 0x6000;

    /// <summary>A directory.</summary>
    public const uint Directory = 0x4000;

    /// <summary>A character device.</summary>
    public const uint CharacterDevice = 0x2000;

    /// <summary>A named pipe.</summary>
    public const uint Pipe = 0x1000;

    /// <summary>Runs as its owner.</summary>
    public const uint SetUser = 0x800;

    /// <summary>Runs as its group; on directories: what is made in it gets its group.</summary>
    public const uint SetGroup = 0x400;

    /// <summary>Only owners remove what is in the directory.</summary>
    public const uint Sticky = 0x200;

    /// <summary>The group may execute.</summary>
    public const uint GroupExecute = 0x8;

    /// <summary>Permissions and special bits.</summary>
    public const uint PermissionMask = 0xFFF;
}
