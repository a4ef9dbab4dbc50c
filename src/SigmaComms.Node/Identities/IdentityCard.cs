using SigmaComms.Client;
using SigmaComms.Client.Identity;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kdf;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Configuration;

namespace SigmaComms.Node.Identities;

/// <summary>What can be told of an identity without its password: identity.json beside the key store.</summary>
/// <param name="Name">The account's name.</param>
/// <param name="Account">The account's id.</param>
/// <param name="Device">The id of the device on this machine.</param>
/// <param name="Cluster">The cluster it belongs to.</param>
internal sealed record IdentityCard(string Name, NodeId Account, NodeId Device, ClusterId Cluster)
{
    private const string FileName = "identity.json";

    /// <summary>Makes a new identity with one device, and its card.</summary>
    /// <param name="folder">Where to; its name is the account's.</param>
    /// <param name="name">The account's name, valid.</param>
    /// <param name="cluster">The cluster it belongs to.</param>
    /// <param name="password">Protects the keys.</param>
    /// <param name="random">Where the keys come from.</param>
    /// <exception cref="KeyStoreException">There is one already, or it cannot be written.</exception>
    public static IdentityCard Create(
        IdentityFolder folder, string name, ClusterId cluster, SecretBytes password, IRandomSource random)
    {
        using AccountSecrets secrets = AccountSecrets.Generate(name, cluster, random);
        KeyStore.Create(folder.KeyStore, secrets, password.Span, Argon2Cost.Interactive, random);
        using MlDsa65SigningKey account = new(secrets.AccountSeed.Span);
        using MlDsa65SigningKey device = new(secrets.DeviceSeed.Span);
        IdentityCard card = new(name, account.Id, device.Id, cluster);
        card.Save(folder);
        return card;
    }

    /// <summary>Reads the card of an identity.</summary>
    public static IdentityCard Load(IdentityFolder folder) =>
        ConfigurationObject.ReadFile(Path.Combine(folder.Path, FileName), Read);

    private static IdentityCard Read(ConfigurationObject root)
    {
        if (!ClusterId.TryParse(root.Text("cluster"), out ClusterId cluster))
        {
            throw root.Fault(".cluster", "is not 32 hexadecimal digits");
        }

        return new IdentityCard(root.Text("name"), root.Id("account"), root.Id("device"), cluster);
    }

    private void Save(IdentityFolder folder) => JsonFile.Write(Path.Combine(folder.Path, FileName), writer =>
    {
        writer.WriteString("name", Name);
        writer.WriteString("account", Account.ToString());
        writer.WriteString("device", Device.ToString());
        writer.WriteString("cluster", Cluster.ToString());
    });
}
