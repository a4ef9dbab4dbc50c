using SigmaComms.Cluster;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Node.Configuration;

/// <summary>A node that a client may begin with.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Who must answer there.</param>
/// <param name="Endpoint">Where it is reached.</param>
internal sealed record ClusterFileNode(string Name, NodeId Id, NodeEndpoint Endpoint)
{
    /// <summary>The same without its name.</summary>
    public SeedNode Seed => new(Id, Endpoint);
}
