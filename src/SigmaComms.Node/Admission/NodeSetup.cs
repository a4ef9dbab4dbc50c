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

    /// <summary>What the folder's admission is worth for this key; null if there is none.</summary>
    public static AdmissionVerdict? Check(
        NodeFolder folder, AdmissionRequestFile request, ClusterFile cluster, DateTimeOffset now)
    {
        if (!File.Exists(folder.AdmissionFile)
            || !NodeAdmission.TryDecode(File.ReadAllBytes(folder.AdmissionFile), out NodeAdmission? admission)
            || !admission!.PublicKey.Span.SequenceEqual(request.PublicKey.Span))
        {
            return null;
        }

        return admission.Verify(cluster.OperatorPublicKey.Span, cluster.Cluster, now);
    }
}
