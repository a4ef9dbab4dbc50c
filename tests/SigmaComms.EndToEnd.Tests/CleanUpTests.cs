using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SigmaComms.EndToEnd.Tests.Clusters;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests;

[Collection(ClusterCollection.Name)]
public sealed class CleanUpTests(RunningCluster cluster)
{
    private const int Terminate = 15;

    [Fact]
    public async Task A_demo_that_is_told_to_stop_leaves_neither_process_nor_folder()
    {
        string folder = NewFolder("s");
        await using SigmaProcess demo = SigmaProcess.Start(folder, Temporary(folder), "demo");
        await demo.DataAsync(line => line.StartsWith("5. ", StringComparison.Ordinal));

        demo.Signal(Terminate);
        Finished finished = await demo.WaitAsync();

        Assert.Equal(143, finished.ExitCode);
        AssertNothingLeft(folder);
    }

    [Fact]
    public async Task A_demo_whose_pipe_is_closed_leaves_neither_process_nor_folder()
    {
        string folder = NewFolder("p");

        Finished finished = await SigmaProcess.RunShellAsync(
            folder, Temporary(folder), "sigma demo | head -2; echo ${PIPESTATUS[0]}");

        Assert.EndsWith("\n141", finished.Data, StringComparison.Ordinal);
        AssertNothingLeft(folder);
    }

    [Fact]
    public async Task A_cluster_that_does_not_come_up_leaves_no_node_running()
    {
        using TcpListener holder = new(IPAddress.Loopback, 0);
        holder.Start();
        int held = ((IPEndPoint)holder.LocalEndpoint).Port;
        string home = Path.Combine(cluster.Folder, "half");
        string plan = Path.Combine(cluster.Folder, "half.json");
        await File.WriteAllTextAsync(plan, string.Create(CultureInfo.InvariantCulture, $$"""
            { "version": 1, "name": "half", "nodes": [
              { "name": "h1", "listen": "127.0.0.1:{{FreePorts.Take(1)[0]}}" },
              { "name": "h2", "listen": "127.0.0.1:{{held}}" } ] }
            """));

        Finished up = await SigmaProcess.RunAsync(home, "cluster", "up", "--config", plan);

        Assert.Equal(6, up.ExitCode);
        Assert.Contains("h2 is not ready", up.Notes, StringComparison.Ordinal);
        Assert.Empty(SigmaProcess.AllWith(home));
    }

    [Fact]
    public async Task A_detached_agent_serves_until_it_is_stopped_and_tells_a_wrong_password_at_once()
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        Dictionary<string, string> none = new() { ["SIGMA_PASSWORD"] = "", ["SIGMA_CLUSTER"] = cluster.ClusterFile };
        Dictionary<string, string> wrong = new()
        {
            ["SIGMA_PASSWORD"] = "wrong",
            ["SIGMA_CLUSTER"] = cluster.ClusterFile,
        };

        await using SigmaProcess refused = SigmaProcess.Start(alpha.Home, wrong, "agent", "--detach");
        Finished told = await refused.WaitAsync();
        Finished started = await alpha.SucceedAsync("agent", "--detach");
        Finished second = await alpha.RunAsync("agent", "--detach");
        await using SigmaProcess status = SigmaProcess.Start(alpha.Home, none, "message", "status");
        Finished asked = await status.WaitAsync();
        await alpha.SucceedAsync("agent", "--stop");

        Assert.Equal(5, told.ExitCode);
        Assert.StartsWith($"{alpha.Name} is connected to n", started.Data, StringComparison.Ordinal);
        Assert.Equal((1, 0), (second.ExitCode, asked.ExitCode));
    }

    private static Dictionary<string, string> Temporary(string folder) => new() { ["TMPDIR"] = folder };

    private static void AssertNothingLeft(string folder)
    {
        Assert.Empty(SigmaProcess.AllWith(folder));
        Assert.Empty(Directory.GetDirectories(folder, "sigma-demo-*"));
    }

    /// <summary>Its name is short: sockets lie below it, whose paths may not be long.</summary>
    private string NewFolder(string name) =>
        Directory.CreateDirectory(Path.Combine(cluster.Folder, name)).FullName;
}
