using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Storage;

namespace SigmaComms.Cluster;

/// <summary>How a node is at the moment.</summary>
/// <param name="IsReady">Whether it takes part in the cluster.</param>
/// <param name="IsStorageFailing">Whether a write to the disk failed, and none of its size has succeeded since.</param>
/// <param name="StorageFailures">Writes that failed since the start.</param>
/// <param name="MembersUp">Nodes that can be used now, this one included.</param>
/// <param name="Members">Nodes admitted.</param>
/// <param name="Mailboxes">Mailboxes with messages on this node.</param>
/// <param name="MailboxBytes">Bytes in them.</param>
/// <param name="Clients">Clients connected to this node.</param>
/// <param name="StorageError">Why the last write that failed did so; null before the first.</param>
public sealed record NodeHealth(
    bool IsReady,
    bool IsStorageFailing,
    long StorageFailures,
    int MembersUp,
    int Members,
    long Mailboxes,
    long MailboxBytes,
    int Clients,
    string? StorageError)
{
    /// <summary>How its replica of the control log stands; null if it has none.</summary>
    public ControlStatus? Control { get; init; }

    /// <summary>How its fragment store stands; null if it has none.</summary>
    public StorageFigures? Storage { get; init; }

    /// <summary>Stripes that wait to be rebuilt by this node.</summary>
    public long RepairWaiting { get; init; }

    /// <summary>Stripes with fragments here that could not be made whole when they were looked at last.</summary>
    public long RepairOpen { get; init; }
}
