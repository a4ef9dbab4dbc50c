using System.Collections.Immutable;
using SigmaComms.Cluster.Membership;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Tests.Simulation;

/// <summary>The rank that nodes themselves compute.</summary>
internal static class Ranking
{
    public static IReadOnlyList<NodeId> Of(NodeId device, IEnumerable<NodeId> nodes) =>
        Of(device.Value.ToArray(), nodes);

    public static IReadOnlyList<NodeId> Of(byte[] key, IEnumerable<NodeId> nodes)
    {
        var members = nodes.ToImmutableSortedDictionary(node => node, _ => (Member)null!);
        return new ClusterView(default, members).Rank(key);
    }
}
