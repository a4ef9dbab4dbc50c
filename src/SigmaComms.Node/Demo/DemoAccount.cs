using SigmaComms.Client;
using SigmaComms.Node.Configuration;

namespace SigmaComms.Node.Demo;

/// <summary>A person of the demo: a name, a folder of its own, a password.</summary>
/// <param name="Name">The account's name.</param>
/// <param name="Home">Its data folder.</param>
/// <param name="ClusterFile">The cluster's public file.</param>
/// <param name="Password">Protects its key store; made for the demo.</param>
internal sealed record DemoAccount(string Name, string Home, string ClusterFile, string Password)
{
    /// <summary>Where its agent is reached.</summary>
    public string Socket => new IdentityFolder(new SigmaHome(Home).Identity(Name)).Socket;

    /// <summary>Where its attachments are saved.</summary>
    public string FilesFolder => Path.Combine(Home, "received");

    /// <summary>What its processes get in their environment.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["SIGMA_HOME"] = Home,
        ["SIGMA_CLUSTER"] = ClusterFile,
        ["SIGMA_IDENTITY"] = Name,
        ["SIGMA_PASSWORD"] = Password,
    };
}
