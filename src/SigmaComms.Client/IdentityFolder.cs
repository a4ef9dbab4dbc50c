namespace SigmaComms.Client;

/// <summary>Where an identity keeps its things.</summary>
/// <param name="Path">The folder; only its owner may look into it.</param>
public sealed record IdentityFolder(string Path)
{
    /// <summary>The key store.</summary>
    public string KeyStore => System.IO.Path.Combine(Path, "identity.keys");

    /// <summary>Conversations, contacts and prekeys, sealed.</summary>
    public string Journal => System.IO.Path.Combine(Path, "messages.db");

    /// <summary>A folder for each vault.</summary>
    public string Vaults => System.IO.Path.Combine(Path, "vaults");

    /// <summary>Where the agent listens.</summary>
    public string Socket => System.IO.Path.Combine(Path, "agent.sock");
}
