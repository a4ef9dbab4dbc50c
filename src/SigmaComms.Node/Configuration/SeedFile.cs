using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Node.Configuration;

/// <summary>One public file per seed: its name, endpoint, and, once its key is made, its id and public key.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Endpoint">Where it is reached.</param>
/// <param name="PublicKey">Its ML-DSA-65 public key; empty before the key is made.</param>
internal sealed record SeedFile(string Name, NodeEndpoint Endpoint, ReadOnlyMemory<byte> PublicKey)
{
    /// <summary>Who answers there; null before the key is made.</summary>
    public NodeId? Id => PublicKey.IsEmpty ? null : NodeId.Of(PublicKey.Span);

    /// <summary>Takes a seed from the file's outermost object.</summary>
    public static SeedFile Read(ConfigurationObject root)
    {
        string name = root.Parsed("name", NodeName.Parse, NodeName.Wanted);
        NodeEndpoint endpoint = root.Endpoint("endpoint");
        string? id = root.OptionalText("id");
        byte[] key = root.OptionalText("publicKey") is null ? [] : root.Base64("publicKey");
        if (id is not null && id != NodeId.Of(key).ToString())
        {
            throw root.Fault(".id", "is not the SHA-256 of .publicKey");
        }

        return new SeedFile(name, endpoint, key);
    }

    /// <summary>Writes the file anew.</summary>
    public void Save(string path) => JsonFile.Write(path, writer =>
    {
        writer.WriteString("name", Name);
        writer.WriteString("endpoint", Endpoint.ToString());
        if (!PublicKey.IsEmpty)
        {
            writer.WriteString("id", NodeId.Of(PublicKey.Span).ToString());
            writer.WriteBase64String("publicKey", PublicKey.Span);
        }
    });
}
