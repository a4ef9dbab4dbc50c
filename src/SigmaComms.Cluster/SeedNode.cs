using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster;

/// <summary>A node that others join through: only an address and whom to expect there.</summary>
/// <param name="Id">Who must answer.</param>
/// <param name="Endpoint">Where.</param>
public sealed record SeedNode(NodeId Id, NodeEndpoint Endpoint);
