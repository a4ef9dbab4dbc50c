using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SigmaComms.Cryptography;
using SigmaComms.EndToEnd.Tests.Clusters;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests;

/// <summary>Clients that trust the validators' keys alone, with real processes.</summary>
[Collection(ClusterCollection.Name)]
public sealed class TransparencyTests(OwnCluster cluster) : IClassFixture<OwnCluster>
{
    [Fact]
    public async Task A_node_that_the_log_alone_admitted_serves_clients_whose_keys_are_proven_to_each_other()
    {
        string home = cluster.NewHome("by-log");
        string listen = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePorts.Take(1)[0]}");
        string[] join = ["node", "join", "n5", "--listen", listen];
        await SigmaProcess.RunAsync(home, join);
        string request = Path.Combine(home, "nodes", "n5", "node.request");
        await WithoutOperatorAsync(() => SigmaProcess.SucceedAsync(
            cluster.Home, "node", "admit", request, "--timeout", "100"));
        await using SigmaProcess node = SigmaProcess.Start(home, join);
        await node.NoteAsync(note => note.Contains("takes part", StringComparison.Ordinal));
        Account alpha = await cluster.NewAccountAsync("alpha");
        Account beta = await cluster.NewAccountAsync("beta");
        Account atN5 = alpha with { ClusterFile = await OnlyNodeAsync(home, request, listen) };
        await beta.SucceedAsync("message", "status");

        Finished sent = await atN5.SucceedAsync("message", "send", beta.Name, "proven");
        Finished received = await beta.SucceedAsync("message", "listen", "--count", "1");
        JsonElement alphas = JsonOf(await atN5.SucceedAsync("message", "status", "--json"));
        JsonElement betas = JsonOf(await beta.SucceedAsync("message", "status", "--json"));
        node.Signal(15);
        await node.WaitAsync();

        Assert.EndsWith(" accepted", sent.Data.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal("", sent.Notes);
        Assert.Equal($"{alpha.Name}: proven", received.Data.TrimEnd());
        Assert.Equal("n5", alphas.GetProperty("node").GetString());
        Assert.True(alphas.GetProperty("controlLog").GetProperty("nodeByLogAlone").GetBoolean(), alphas.ToString());
        Assert.False(betas.GetProperty("controlLog").GetProperty("nodeByLogAlone").GetBoolean(), betas.ToString());
        foreach (JsonElement log in new[] { alphas, betas }.Select(status => status.GetProperty("controlLog")))
        {
            Assert.True(log.GetProperty("proofsVerified").GetInt64() > 0, log.ToString());
            Assert.Equal(0, log.GetProperty("proofsRefused").GetInt64());
            Assert.True(log.GetProperty("directoryUpdates").GetInt64() >= 2, log.ToString());
        }
    }

    /// <summary>The operator is not at hand: its key is elsewhere meanwhile.</summary>
    private async Task WithoutOperatorAsync(Func<Task> work)
    {
        string key = Path.Combine(cluster.Home, "operator.key");
        File.Move(key, key + ".away");
        try
        {
            await work();
        }
        finally
        {
            File.Move(key + ".away", key);
        }
    }

    /// <summary>A description of the cluster that names no other node to begin with.</summary>
    private static async Task<string> OnlyNodeAsync(string home, string request, string listen)
    {
        JsonObject description = JsonNode.Parse(
            await File.ReadAllTextAsync(Path.Combine(home, "cluster.json")))!.AsObject();
        JsonNode asked = JsonNode.Parse(await File.ReadAllTextAsync(request))!;
        byte[] key = Convert.FromBase64String((string)asked["publicKey"]!);
        description["nodes"] = new JsonArray(new JsonObject
        {
            ["name"] = "n5", ["id"] = NodeId.Of(key).ToString(), ["endpoint"] = listen,
        });
        string file = Path.Combine(home, "only-n5.json");
        await File.WriteAllTextAsync(file, description.ToJsonString());
        return file;
    }

    private static JsonElement JsonOf(Finished finished)
    {
        using JsonDocument document = JsonDocument.Parse(finished.Data);
        return document.RootElement.Clone();
    }
}
