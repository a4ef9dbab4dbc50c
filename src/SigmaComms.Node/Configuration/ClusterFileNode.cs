using SigmaComms.Messaging.Links;

namespace SigmaComms.Node.Configuration;

/// <summary>A node that a client may begin with.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Endpoint">Where it is reached.</param>
internal sealed record ClusterFileNode(string Name, NodeEndpoint Endpoint);
