using SigmaComms.Cluster.Control.Keys;
using SigmaComms.Cluster.Disks;
using SigmaComms.Consensus.Membership;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Cluster.Control;

/// <summary>Makes what a node needs before it can ask to be a member of the control log.</summary>
public static class ControlFounder
{
    /// <summary>
    /// Makes the node's voting key, or finds it, and signs its request: for the genesis, or to be admitted later. Not
    /// while the node runs.
    /// </summary>
    /// <param name="dataDirectory">The node's data directory.</param>
    /// <param name="node">The node's key.</param>
    /// <param name="cluster">The cluster as the log knows it, see <see cref="ControlGenesis.ClusterOf"/>.</param>
    /// <param name="place">What it wants to do.</param>
    /// <param name="addresses">Where it listens.</param>
    /// <param name="random">For the key and signatures.</param>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    public static NodeRequest Request(
        string dataDirectory,
        MlDsa65SigningKey node,
        Digest cluster,
        NodePlace place,
        IReadOnlyList<string> addresses,
        IRandomSource random)
    {
        ArgumentException.ThrowIfNullOrEmpty(dataDirectory);
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(addresses);
        ArgumentNullException.ThrowIfNull(random);
        FolderDisk disk = new(Path.Combine(dataDirectory, ControlOptions.FolderName));
        return Request(disk, node, cluster, place, addresses, random);
    }

    internal static NodeRequest Request(
        IDisk disk,
        MlDsa65SigningKey node,
        Digest cluster,
        NodePlace place,
        IReadOnlyList<string> addresses,
        IRandomSource random)
    {
        using var ring = VotingKeyRing.Open(disk, cluster, node, random);
        VotingKeyClaim claim = ring.NewestClaim() ?? ring.Create(1, isUsed: false);
        byte[] signed = NodeRequest.EncodeSigned(node.PublicKey.Span, place, addresses, claim);
        return NodeRequest.Assemble(signed, node.Sign(signed, NodeRequest.SignatureContext(cluster), random));
    }
}
