using System.Text.Json;
using SigmaComms.EndToEnd.Tests.Clusters;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests;

[Collection(ClusterCollection.Name)]
public sealed class ClusterLifeTests(RunningCluster cluster)
{
    [Fact]
    public async Task All_members_are_up_and_are_told_as_json()
    {
        Finished status = await SigmaProcess.RunAsync(cluster.Home, "cluster", "status", "--json");

        // 7: nodes that other tests joined and stopped are members too, and down.
        Assert.True(status.ExitCode is 0 or 7, status.ToString());
        using JsonDocument document = JsonDocument.Parse(status.Data);
        Assert.Equal(1, document.RootElement.GetProperty("v").GetInt32());
        string[] up =
        [
            .. document.RootElement.GetProperty("members").EnumerateArray()
                .Where(member => member.GetProperty("state").GetString() == "up")
                .Select(member => member.GetProperty("name").GetString()!),
        ];
        Assert.Superset(new HashSet<string> { "n1", "n2", "n3", "n4" }, up.ToHashSet());
    }

    [Fact]
    public async Task Undelivered_messages_survive_a_restart_of_the_whole_cluster()
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        Account beta = await cluster.NewAccountAsync("beta");
        await beta.SucceedAsync("message", "status");
        await alpha.SucceedAsync("message", "send", beta.Name, "before the restart");

        Finished down = await SigmaProcess.SucceedAsync(cluster.Home, "cluster", "down");
        Finished unreachable = await SigmaProcess.RunAsync(cluster.Home, "cluster", "status");
        await cluster.UpAsync();
        Finished received = await beta.SucceedAsync("message", "listen", "--count", "1");

        Assert.Contains("n1, n2, n3, n4", down.Data, StringComparison.Ordinal);
        Assert.Equal(6, unreachable.ExitCode);
        Assert.Equal($"{alpha.Name}: before the restart", received.Data.TrimEnd());
    }
}
