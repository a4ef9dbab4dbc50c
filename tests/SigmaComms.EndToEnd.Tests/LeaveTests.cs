using System.Globalization;
using System.Text.Json;
using SigmaComms.EndToEnd.Tests.Clusters;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests;

/// <summary>A real node that leaves the cluster in good order, and what the others then are.</summary>
[Collection(ClusterCollection.Name)]
public sealed class LeaveTests(OwnCluster cluster) : IClassFixture<OwnCluster>
{
    [Fact]
    public async Task A_node_that_left_is_left_out_and_messages_go_on()
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        Account beta = await cluster.NewAccountAsync("beta");
        await JoinAsync("n5");
        await beta.SucceedAsync("message", "status");

        Finished left = await SigmaProcess.RunAsync(cluster.Home, "node", "leave", "n5", "--timeout", "100");
        bool isMarked = File.Exists(Path.Combine(cluster.NodeFolder("n5"), "node.refused"));
        JsonElement member = await LearnerAsync();
        await SigmaProcess.SucceedAsync(cluster.Home, "node", "stop", "n2");
        Finished up = await SigmaProcess.RunAsync(cluster.Home, "cluster", "up");
        await alpha.SucceedAsync("message", "send", beta.Name, "still here");
        Finished received = await beta.SucceedAsync("message", "listen", "--count", "1");
        Finished status = await SigmaProcess.RunAsync(cluster.Home, "cluster", "status");

        Assert.True(left.ExitCode == 0, left.ToString());
        Assert.True(isMarked, "nothing in its folder says that it left");
        Assert.Equal("evicted", member.GetProperty("state").GetString());
        Assert.Equal("left", member.GetProperty("reason").GetString());
        Assert.True(up.ExitCode == 0, up.ToString());
        Assert.Contains("n5 is left out", up.Notes, StringComparison.Ordinal);
        Assert.Equal($"{alpha.Name}: still here", received.Data.TrimEnd());
        Assert.DoesNotContain("n5", status.Data, StringComparison.Ordinal);
    }

    private async Task JoinAsync(string name)
    {
        string listen = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePorts.Take(1)[0]}");
        Finished asked = await SigmaProcess.RunAsync(cluster.Home, "node", "join", name, "--listen", listen);
        Assert.True(asked.ExitCode == 4, asked.ToString());
        await SigmaProcess.SucceedAsync(cluster.Home, "node", "admit", name, "--timeout", "100");
        await SigmaProcess.SucceedAsync(cluster.Home, "node", "join", name, "--listen", listen, "--detach");
    }

    private async Task<JsonElement> LearnerAsync()
    {
        Finished asked = await SigmaProcess.SucceedAsync(cluster.Home, "control", "members", "--node", "n1", "--json");
        using JsonDocument members = JsonDocument.Parse(asked.Data);
        return members.RootElement.GetProperty("members").EnumerateArray()
            .Single(member => member.GetProperty("roles").GetString() == "storage, mailbox").Clone();
    }
}
