using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Configuration;

namespace SigmaComms.Node.Admission;

/// <summary>What a node's owner gives to those who admit it: node.request. Public.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Endpoint">Where it will be reached.</param>
/// <param name="PublicKey">Its ML-DSA-65 public key.</param>
internal sealed record AdmissionRequestFile(string Name, NodeEndpoint Endpoint, ReadOnlyMemory<byte> PublicKey)
{
    /// <summary>The node's own signed request to the control log; empty if its cluster has none.</summary>
    public ReadOnlyMemory<byte> Membership { get; init; }

    /// <summary>The node's id.</summary>
    public NodeId Id => NodeId.Of(PublicKey.Span);

    /// <summary>Reads the file.</summary>
    public static AdmissionRequestFile Load(string path) => ConfigurationObject.ReadFile(path, root =>
        new AdmissionRequestFile(
            root.Parsed("name", NodeName.Parse, NodeName.Wanted),
            root.Endpoint("endpoint"),
            root.Base64("publicKey"))
        {
            Membership = root.OptionalText("membership") is null ? default : root.Base64("membership"),
        });

    /// <summary>Writes the file anew.</summary>
    public void Save(string path) => JsonFile.Write(path, writer =>
    {
        writer.WriteString("name", Name);
        writer.WriteString("endpoint", Endpoint.ToString());
        writer.WriteBase64String("publicKey", PublicKey.Span);
        if (!Membership.IsEmpty)
        {
            writer.WriteBase64String("membership", Membership.Span);
        }
    });
}
