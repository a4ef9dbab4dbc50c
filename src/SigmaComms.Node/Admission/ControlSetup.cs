using SigmaComms.Cluster.Control;
using SigmaComms.Consensus.Membership;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Configuration;

namespace SigmaComms.Node.Admission;

/// <summary>Prepares nodes for the control log: voting keys, signed requests, and how the log begins.</summary>
internal static class ControlSetup
{
    private const ushort WeightUsual = 100;

    private const Consensus.Membership.NodeRoles Served =
        Consensus.Membership.NodeRoles.Storage | Consensus.Membership.NodeRoles.Mailbox;

    /// <summary>Begins the log of a new cluster with all planned nodes as its first validators.</summary>
    /// <param name="home">The data folder; it holds the nodes' keys.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="nodes">The nodes.</param>
    /// <param name="random">Where voting keys come from.</param>
    public static ControlGenesis Found(
        SigmaHome home, ClusterId cluster, IReadOnlyList<PlannedNode> nodes, IRandomSource random)
    {
        Digest log = ControlGenesis.ClusterOf(cluster);
        NodeRequest[] founders =
            [.. nodes.Select(node => Request(home.Node(node.Name), log, node.Advertise, mayVote: true, random))];
        return new ControlGenesis(log, founders, []);
    }

    /// <summary>A node's own signed request to belong to the log; its voting key is made if it has none.</summary>
    /// <param name="folder">The node's folder, with its key; it must not run.</param>
    /// <param name="log">The cluster as the log knows it.</param>
    /// <param name="endpoint">Where it is reached.</param>
    /// <param name="mayVote">Whether it asks to be a validator.</param>
    /// <param name="random">Where the voting key comes from.</param>
    public static NodeRequest Request(
        NodeFolder folder, Digest log, NodeEndpoint endpoint, bool mayVote, IRandomSource random)
    {
        // Made here, as only this way its owner alone may enter it.
        SigmaHome.CreatePrivate(folder.ControlFolder);
        using MlDsa65SigningKey key = SigningKeyFile.Load(folder.KeyFile);
        Consensus.Membership.NodeRoles roles = mayVote ? Served | Consensus.Membership.NodeRoles.Validator : Served;
        NodePlace place = new(roles, Zone: "", WeightUsual);
        return ControlFounder.Request(folder.DataFolder, key, log, place, [endpoint.ToString()], random);
    }
}
