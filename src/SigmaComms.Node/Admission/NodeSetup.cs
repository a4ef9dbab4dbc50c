using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Configuration;

namespace SigmaComms.Node.Admission;

/// <summary>Prepares the folder of a node: its key, its request to the operator.</summary>
internal static class NodeSetup
{
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
        AdmissionRequestFile request = new(node.Name, node.Advertise, key.PublicKey.ToArray());
        request.Save(folder.RequestFile);
        return request;
    }

    /// <summary>What is wrong with the folder's admission, in words; null if it holds for this key.</summary>
    public static string? ProblemOf(
        NodeFolder folder, ReadOnlySpan<byte> publicKey, ClusterFile cluster, DateTimeOffset now)
    {
        if (!File.Exists(folder.AdmissionFile))
        {
            return "the operator has not admitted it yet";
        }

        if (!NodeAdmission.TryDecode(File.ReadAllBytes(folder.AdmissionFile), out NodeAdmission? admission))
        {
            return "its admission is damaged: not all of it is there, or it was changed";
        }

        if (!admission!.PublicKey.Span.SequenceEqual(publicKey))
        {
            return $"the admission in its folder is another node's: {admission.Name} ({admission.Node.Short})";
        }

        return admission.Verify(cluster.OperatorPublicKey.Span, cluster.Cluster, now) switch
        {
            AdmissionVerdict.Valid => null,
            AdmissionVerdict.WrongCluster => "its admission is for another cluster",
            AdmissionVerdict.Expired => "its admission has ended",
            _ => "its admission was not signed by this cluster's operator",
        };
    }
}
