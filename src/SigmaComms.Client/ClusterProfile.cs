using SigmaComms.Client.Transparency;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client;

/// <summary>What a client must know of a cluster beforehand: who may be a node of it, and where to begin.</summary>
/// <param name="Cluster">The cluster's id.</param>
/// <param name="OperatorPublicKey">ML-DSA-65 key that signs the admission of every node.</param>
/// <param name="Endpoints">host:port of nodes, in the order to try; at least one.</param>
public sealed record ClusterProfile(
    ClusterId Cluster, ReadOnlyMemory<byte> OperatorPublicKey, IReadOnlyList<string> Endpoints)
{
    /// <summary>Where trust in the cluster's control log begins; null for a cluster without one.</summary>
    public LogAnchor? Log { get; init; }
}
