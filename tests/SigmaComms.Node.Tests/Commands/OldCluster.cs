using SigmaComms.Node.Configuration;
using SigmaComms.Node.Tests.Configuration;

namespace SigmaComms.Node.Tests.Commands;

/// <summary>A cluster as it was made before there was a control log.</summary>
internal static class OldCluster
{
    public static async Task MakeAsync(TemporaryFolder home, params string[] arguments)
    {
        await CommandRun.OfAsync(["cluster", "init", "--home", home.Path, .. arguments]);
        ClusterFile cluster = ClusterFile.Load(home["cluster.json"]) with { GenesisBytes = default };
        cluster.Save(home["cluster.json"]);
    }
}
