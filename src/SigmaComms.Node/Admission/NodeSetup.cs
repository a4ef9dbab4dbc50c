using SigmaComms.Cluster.Control;
using SigmaComms.Consensus.Membership;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Configuration;

namespace SigmaComms.Node.Admission;

/// <summary>Prepares the folder of a node: its key, its request to the operator.</summary>
internal static class NodeSetup
{
    private const SigmaComms.Messaging.Links.NodeRoles Storage = SigmaComms.Messaging.Links.NodeRoles.Storage;
    private const int OwnWordYears = 20;

    /// <summary>Makes the key unless there is one, and writes the request anew.</summary>
    /// <param name="folder">The node's folder.</param>
    /// <param name="node">The node.</param>
    /// <param name="random">Where a new key comes from.</param>
    /// <returns>What the operator needs to admit it.</returns>
    public static AdmissionRequestFile Prepare(NodeFolder folder, PlannedNode node, IRandomSource random)
    {
        SigmaHome.CreatePrivate(folder.Root);
        using MlDsa65SigningKey key = File.Exists(folder.KeyFile)
            ? SigningKeyFile.Load(folder.KeyFile)
            : SigningKeyFile.Create(folder.KeyFile, random);
        AdmissionRequestFile request = new(node.Name, node.Advertise, key.PublicKey.ToArray())
        {
            Membership = KnownMembership(folder, key.Id),
        };
        request.Save(folder.RequestFile);
        return request;
    }

    /// <summary>Adds the node's signed request to the control log, and a voting key if it has none.</summary>
    /// <param name="folder">The node's folder; it must not run.</param>
    /// <param name="request">What was prepared.</param>
    /// <param name="cluster">The cluster, with a control log.</param>
    /// <param name="mayVote">Whether it asks to be a validator.</param>
    /// <param name="random">Where a new key comes from.</param>
    public static AdmissionRequestFile AskLog(
        NodeFolder folder, AdmissionRequestFile request, ClusterFile cluster, bool mayVote, IRandomSource random)
    {
        NodeRequest membership = ControlSetup.Request(
            folder, ControlGenesis.ClusterOf(cluster.Cluster), request.Endpoint, mayVote, random);
        AdmissionRequestFile complete = request with { Membership = membership.Encoded };
        complete.Save(folder.RequestFile);
        return complete;
    }

    /// <summary>
    /// The node's own word of who it is, for a cluster where the control log decides and no operator is at hand.
    /// </summary>
    public static void SignOwnWord(
        NodeFolder folder, AdmissionRequestFile request, ClusterFile cluster, DateTimeOffset now, IRandomSource random)
    {
        using MlDsa65SigningKey key = SigningKeyFile.Load(folder.KeyFile);
        NodeAdmission word = NodeAdmission.Sign(
            key, cluster.Cluster, request.PublicKey, request.Name, [request.Endpoint], Storage,
            now.AddYears(OwnWordYears), random);
        SigmaHome.WritePrivate(folder.AdmissionFile, word.Encoded.Span);
    }

    private static ReadOnlyMemory<byte> KnownMembership(NodeFolder folder, NodeId id)
    {
        if (!File.Exists(folder.RequestFile))
        {
            return default;
        }

        AdmissionRequestFile known = AdmissionRequestFile.Load(folder.RequestFile);
        return known.Id == id ? known.Membership : default;
    }

    /// <summary>What is wrong with the folder's admission, in words; null if it holds for this key.</summary>
    public static string? ProblemOf(
        NodeFolder folder, ReadOnlySpan<byte> publicKey, ClusterFile cluster, DateTimeOffset now)
    {
        if (!File.Exists(folder.AdmissionFile))
        {
            return "it has not been admitted yet";
        }

        if (!NodeAdmission.TryDecode(File.ReadAllBytes(folder.AdmissionFile), out NodeAdmission? admission))
        {
            return "its admission is damaged: not all of it is there, or it was changed";
        }

        if (!admission!.PublicKey.Span.SequenceEqual(publicKey))
        {
            return $"the admission in its folder is another node's: {admission.Name} ({admission.Node.Short})";
        }

        AdmissionVerdict verdict = admission.Verify(cluster.OperatorPublicKey.Span, cluster.Cluster, now);
        if (verdict == AdmissionVerdict.BadSignature && cluster.HasControlLog)
        {
            verdict = admission.Verify(publicKey, cluster.Cluster, now);
        }

        return verdict switch
        {
            AdmissionVerdict.Valid => null,
            AdmissionVerdict.WrongCluster => "its admission is for another cluster",
            AdmissionVerdict.Expired => "its admission has ended",
            _ => "its admission was not signed by this cluster's operator",
        };
    }
}
