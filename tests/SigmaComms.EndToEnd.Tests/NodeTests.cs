using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using SigmaComms.EndToEnd.Tests.Clusters;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests;

[Collection(ClusterCollection.Name)]
public sealed class NodeTests(OwnCluster cluster) : IClassFixture<OwnCluster>
{
    [Fact]
    public async Task A_new_node_joins_once_the_validators_admitted_it()
    {
        string home = cluster.NewHome("joiner");
        string request = Path.Combine(home, "nodes", "n5", "node.request");
        string admission = Path.Combine(home, "nodes", "n5", "node.admission");
        string[] join = ["node", "join", "n5", "--listen", Endpoint(FreePorts.Take(1)[0])];

        Finished refused = await SigmaProcess.RunAsync(home, join);
        await SigmaProcess.SucceedAsync(cluster.Home, "node", "admit", request, "--out", admission);
        await using SigmaProcess node = SigmaProcess.Start(home, join);
        await node.NoteAsync(note => note.Contains("takes part", StringComparison.Ordinal));
        node.Signal(15);
        Finished stopped = await node.WaitAsync();

        Assert.Equal(4, refused.ExitCode);
        Assert.Equal(143, stopped.ExitCode);
    }

    [Fact]
    public async Task An_admission_of_another_operator_is_refused()
    {
        string home = cluster.NewHome("intruder");
        string other = Path.Combine(home, "other");
        await SigmaProcess.SucceedAsync(other, "cluster", "init");
        await RemoveLogAsync(Path.Combine(other, "cluster.json"));
        string[] join = ["node", "join", "n6", "--listen", Endpoint(FreePorts.Take(1)[0])];
        await SigmaProcess.RunAsync(home, join);
        string folder = Path.Combine(home, "nodes", "n6");
        await SigmaProcess.SucceedAsync(
            other, "node", "admit", Path.Combine(folder, "node.request"), "--out",
                Path.Combine(folder, "node.admission"));

        Finished joined = await SigmaProcess.RunAsync(home, join);
        Finished run = await SigmaProcess.RunAsync(home, "node", "run", "n6");

        Assert.True(joined.ExitCode == 4, joined.ToString());
        Assert.True(run.ExitCode is 4 or 5, run.ToString());
    }

    [Fact]
    public async Task A_port_in_use_is_told_and_disturbs_nobody()
    {
        using TcpListener holder = new(IPAddress.Loopback, 0);
        holder.Start();
        int port = ((IPEndPoint)holder.LocalEndpoint).Port;
        string home = cluster.NewHome("port");
        string[] join = ["node", "join", "n7", "--listen", Endpoint(port)];
        await SigmaProcess.RunAsync(home, join);
        string folder = Path.Combine(home, "nodes", "n7");
        await SigmaProcess.SucceedAsync(
            cluster.Home, "node", "admit", Path.Combine(folder, "node.request"), "--out",
                Path.Combine(folder, "node.admission"));

        Finished finished = await SigmaProcess.RunAsync(home, join);

        Assert.Equal(1, finished.ExitCode);
        Assert.Contains(port.ToString(CultureInfo.InvariantCulture), finished.Notes, StringComparison.Ordinal);
        Assert.Contains("port", finished.Notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_process_with_a_nodes_key_is_refused_and_the_first_goes_on()
    {
        string home = cluster.NewHome("twin");
        string twin = Path.Combine(home, "nodes", "n1");
        Directory.CreateDirectory(twin);
        foreach (string file in new[] { "node.key", "node.admission" })
        {
            File.Copy(Path.Combine(cluster.NodeFolder("n1"), file), Path.Combine(twin, file));
        }

        string second = await File.ReadAllTextAsync(cluster.ClusterFile);
        using JsonDocument members = JsonDocument.Parse(second);
        JsonElement n2 = members.RootElement.GetProperty("nodes")[1];
        string id = n2.GetProperty("id").GetString()!;
        string listen = Endpoint(FreePorts.Take(1)[0]);
        string seed = $$"""{ "id": "{{id}}", "endpoint": "{{Endpoint(cluster.Ports[1])}}" }""";
        await File.WriteAllTextAsync(
            Path.Combine(twin, "node.json"),
            $$"""{ "version": 1, "name": "n1", "listen": "{{listen}}", "seeds": [ {{seed}} ] }""");

        Finished finished = await SigmaProcess.RunAsync(home, "node", "run", "n1");
        Finished status = await SigmaProcess.RunAsync(cluster.Home, "node", "status", "n1");

        Assert.True(finished.ExitCode == 4, finished.ToString());
        Assert.Equal(0, status.ExitCode);
        await cluster.UpAsync();
    }

    [Fact]
    public async Task A_node_is_stopped_and_started_by_itself()
    {
        Finished stopped = await SigmaProcess.SucceedAsync(cluster.Home, "node", "stop", "n4");
        Finished absent = await SigmaProcess.RunAsync(cluster.Home, "node", "status", "n4");
        await SigmaProcess.SucceedAsync(cluster.Home, "node", "start", "n4");
        Finished present = await SigmaProcess.RunAsync(cluster.Home, "node", "status", "n4");
        await cluster.UpAsync();

        Assert.Equal("Stopped n4", stopped.Data);
        Assert.Equal((6, 0), (absent.ExitCode, present.ExitCode));
    }

    [Fact]
    public async Task A_node_runs_only_once_on_its_folder()
    {
        Finished second = await SigmaProcess.RunAsync(cluster.Home, "node", "run", "n1");

        Assert.Equal(1, second.ExitCode);
        Assert.Contains("runs already", second.Notes, StringComparison.Ordinal);
    }

    /// <summary>As a cluster was before there was a control log: its operator signs alone.</summary>
    private static async Task RemoveLogAsync(string file)
    {
        JsonObject cluster = JsonNode.Parse(await File.ReadAllTextAsync(file))!.AsObject();
        cluster.Remove("controlGenesis");
        await File.WriteAllTextAsync(file, cluster.ToJsonString());
    }

    private static string Endpoint(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
}
