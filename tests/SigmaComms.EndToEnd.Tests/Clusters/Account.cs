using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests.Clusters;

/// <summary>An account with a data folder of its own.</summary>
internal sealed record Account(string Name, string Home, string ClusterFile)
{
    public string IdentityFolder => Path.Combine(Home, "identities", Name);

    public string KeyStore => Path.Combine(IdentityFolder, "identity.keys");

    public Task<Finished> RunAsync(params string[] arguments) =>
        SigmaProcess.RunAsync(Home, [.. arguments, "--cluster", ClusterFile]);

    public Task<Finished> SucceedAsync(params string[] arguments) =>
        SigmaProcess.SucceedAsync(Home, [.. arguments, "--cluster", ClusterFile]);

    public SigmaProcess Start(params string[] arguments) =>
        SigmaProcess.Start(Home, [.. arguments, "--cluster", ClusterFile]);

    /// <summary>A client that stays connected, to this node first.</summary>
    public Task<Agent> StartAgentAsync(string node) => Agent.StartAsync(this, node);
}
