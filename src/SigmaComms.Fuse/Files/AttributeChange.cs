namespace SigmaComms.Fuse.Files;

/// <summary>Attributes that are to be changed; those that are null stay.</summary>
public readonly record struct AttributeChange
{
    /// <summary>The open file by which the size is changed (ftruncate).</summary>
    public FileHandle? Handle { get; init; }

    /// <summary>New permissions and special bits, with the type bits as they are.</summary>
    public uint? Mode { get; init; }

    /// <summary>New owner.</summary>
    public uint? UserId { get; init; }

    /// <summary>New group.</summary>
    public uint? GroupId { get; init; }

    /// <summary>New size in bytes.</summary>
    public ulong? Size { get; init; }

    /// <summary>New time of access.</summary>
    public FileTime? AccessTime { get; init; }

    /// <summary>New time of change of content.</summary>
    public FileTime? ModifyTime { get; init; }

    /// <summary>New time of change of attributes; sent only where the kernel keeps dirty pages.</summary>
    public FileTime? ChangeTime { get; init; }

    /// <summary>The time of access becomes now.</summary>
    public bool AccessTimeIsNow { get; init; }

    /// <summary>The time of change of content becomes now.</summary>
    public bool ModifyTimeIsNow { get; init; }

    /// <summary>Setuid and setgid bits are to be cleared, as owner or size change.</summary>
    public bool ClearsSetIds { get; init; }
}
