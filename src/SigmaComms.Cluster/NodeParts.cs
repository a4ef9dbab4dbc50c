using SigmaComms.Cluster.Clients;
using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Peers;
using SigmaComms.Cluster.Storage;
using SigmaComms.Cluster.Storage.Doors;

namespace SigmaComms.Cluster;

/// <summary>What serves the connections of a node, once its tree of actors stands.</summary>
internal sealed record NodeParts(
    LinkAcceptor Acceptor, ClientDoor Clients, EntryRouter Router, ControlLog? Control, StorageDoor StorageDoor)
{
    /// <summary>The fragments of vaults on this node; null if it keeps none.</summary>
    public FragmentStorage? Storage { get; init; }
}
