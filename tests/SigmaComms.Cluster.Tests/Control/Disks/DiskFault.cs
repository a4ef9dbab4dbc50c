namespace SigmaComms.Cluster.Tests.Control.Disks;

/// <summary>What goes wrong in one operation of a faulty disk.</summary>
internal enum DiskFault
{
    None,

    /// <summary>The power fails before the operation has any effect.</summary>
    PowerCut,

    /// <summary>No room; nothing is written.</summary>
    NoSpace,

    /// <summary>
    /// EIO. Of a sync: what was not synced will never be on the disk, but can be read until the power fails.
    /// </summary>
    Error,

    /// <summary>The write lands in another place of the same file, whole sectors away.</summary>
    Misdirect,

    /// <summary>The write is confirmed, can be read, and is never on the disk; a later sync confirms it too.</summary>
    Lose,

    /// <summary>The operation takes long.</summary>
    Slow,
}
