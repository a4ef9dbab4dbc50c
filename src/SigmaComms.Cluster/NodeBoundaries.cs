using SigmaComms.Actors;
using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Peers;
using SigmaComms.Cluster.Storage;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Persistence;
using SigmaComms.Persistence.Stripes;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster;

/// <summary>Where a node touches the world: sockets and files, or networks and disks in memory.</summary>
internal sealed record NodeBoundaries(
    ILinkListener Listener,
    ILinkDialer Dialer,
    IJournal Journal,
    ISnapshotStore Snapshots,
    ActorSystem System,
    TimeProvider Time,
    IRandomSource Random)
{
    /// <summary>Where the control log touches the world; null: it has none.</summary>
    public ControlBoundaries? Control { get; init; }

    /// <summary>Where the fragment store touches the world; null: it has none.</summary>
    public StorageBoundaries? Storage { get; init; }

    /// <summary>The bucket that keeps fragments instead of volumes; null: there is none.</summary>
    public IFragmentStore? Bucket { get; init; }

    /// <summary>Opens the book of stripes; null: in memory.</summary>
    public Func<IStripeBook>? OpenStripeBook { get; init; }
}
