using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Asks a node for its view of the cluster. Reply: <see cref="ClusterStatus"/>.</summary>
public sealed record GetClusterStatus() : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.GetClusterStatus;

    internal override void WriteBody(WireWriter writer)
    {
    }

    internal static GetClusterStatus Read(ref WireReader reader) => new();
}
