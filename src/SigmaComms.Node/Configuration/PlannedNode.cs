using SigmaComms.Messaging.Links;

namespace SigmaComms.Node.Configuration;

/// <summary>One node of a plan.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Listen">Where it listens.</param>
/// <param name="Advertise">Where others reach it.</param>
internal sealed record PlannedNode(string Name, NodeEndpoint Listen, NodeEndpoint Advertise)
{
    /// <summary>Takes a node from its object.</summary>
    public static PlannedNode Read(ConfigurationObject node)
    {
        string name = node.Parsed("name", NodeName.Parse, NodeName.Wanted);
        NodeEndpoint listen = node.Endpoint("listen");
        return new PlannedNode(name, listen, node.OptionalEndpoint("advertise") ?? listen);
    }
}
