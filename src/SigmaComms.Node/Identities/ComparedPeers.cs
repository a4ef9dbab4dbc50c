using SigmaComms.Client;
using SigmaComms.Node.Configuration;

namespace SigmaComms.Node.Identities;

/// <summary>The peers whose safety number was compared and was equal: compared.json in the identity's folder.</summary>
/// <param name="Names">Their account names, in order.</param>
internal sealed record ComparedPeers(IReadOnlyList<string> Names)
{
    /// <summary>Reads them; none if nothing was compared yet.</summary>
    public static ComparedPeers Load(IdentityFolder folder) => File.Exists(FileOf(folder))
        ? ConfigurationObject.ReadFile(FileOf(folder), root => new ComparedPeers(root.Texts("peers")))
        : new ComparedPeers([]);

    /// <summary>The same with or without one.</summary>
    public ComparedPeers With(string peer, bool isEqual) =>
        new([.. Names.Where(name => name != peer).Concat(isEqual ? [peer] : []).Order(StringComparer.Ordinal)]);

    /// <summary>Writes them.</summary>
    public void Save(IdentityFolder folder) => JsonFile.Write(FileOf(folder), writer =>
    {
        writer.WriteStartArray("peers");
        foreach (string name in Names)
        {
            writer.WriteStringValue(name);
        }

        writer.WriteEndArray();
    });

    private static string FileOf(IdentityFolder folder) => Path.Combine(folder.Path, "compared.json");
}
