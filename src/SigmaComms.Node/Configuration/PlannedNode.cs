using System.Net;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Node.Configuration;

/// <summary>One node of a plan.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Listen">Where it listens.</param>
/// <param name="Advertise">Where others reach it.</param>
internal sealed record PlannedNode(string Name, NodeEndpoint Listen, NodeEndpoint Advertise)
{
    /// <summary>Whether others can dial it: an address that stands for all of its machine is none for them.</summary>
    public bool IsReachable => !IPAddress.TryParse(Advertise.Host, out IPAddress? address)
        || !(address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    /// <summary>Where it answers its operators.</summary>
    public OperationsConfiguration Operations { get; init; } = new();

    /// <summary>How it keeps fragments of vaults.</summary>
    public StorageConfiguration Storage { get; init; } = new();

    /// <summary>Takes a node from its object.</summary>
    public static PlannedNode Read(ConfigurationObject node)
    {
        string name = node.Parsed("name", NodeName.Parse, NodeName.Wanted);
        NodeEndpoint listen = node.Endpoint("listen");
        PlannedNode planned = new(name, listen, node.OptionalEndpoint("advertise") ?? listen)
        {
            Operations = node.OptionalObject("operations", OperationsConfiguration.Read)
                ?? new OperationsConfiguration(),
            Storage = node.OptionalObject("storage", StorageConfiguration.Read) ?? new StorageConfiguration(),
        };
        return planned.IsReachable
            ? planned
            : throw node.Fault(
                ".advertise", $"must say where others reach the node: nobody can dial {planned.Advertise}");
    }
}
