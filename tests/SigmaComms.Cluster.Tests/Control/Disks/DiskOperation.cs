namespace SigmaComms.Cluster.Tests.Control.Disks;

/// <summary>What is asked of a faulty disk.</summary>
internal enum DiskOperation
{
    Create,
    Open,
    Read,
    Write,
    Sync,
    Rename,
    Delete,
    SyncNames,
}
