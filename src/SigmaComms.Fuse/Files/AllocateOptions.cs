namespace SigmaComms.Fuse.Files;

/// <summary>Flags of fallocate(2), as Linux numbers them.</summary>
[Flags]
public enum AllocateOptions
{
    /// <summary>Makes room, and the file longer if need be.</summary>
    None = 0,

    /// <summary>The size stays.</summary>
    KeepSize = 1,

    /// <summary>Makes a hole.</summary>
    PunchHole = 2,

    /// <summary>Takes out a range and closes the gap.</summary>
    CollapseRange = 8,

    /// <summary>Makes a range read as zeros.</summary>
    ZeroRange = 16,

    /// <summary>Puts a hole in and moves what follows.</summary>
    InsertRange = 32,
}
