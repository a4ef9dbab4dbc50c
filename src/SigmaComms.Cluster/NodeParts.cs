using SigmaComms.Cluster.Clients;
using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Peers;

namespace SigmaComms.Cluster;

/// <summary>What serves the connections of a node, once its tree of actors stands.</summary>
internal sealed record NodeParts(LinkAcceptor Acceptor, ClientDoor Clients, EntryRouter Router, ControlLog? Control);
