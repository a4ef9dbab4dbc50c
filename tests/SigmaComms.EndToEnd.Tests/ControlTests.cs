using System.Text.Json;
using SigmaComms.EndToEnd.Tests.Clusters;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests;

/// <summary>The control log of four real validators, whose processes and disks are treated badly.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ControlTests(OwnCluster cluster) : IClassFixture<OwnCluster>
{
    private const int Kill = 9;
    private const int Continue = 18;
    private const int Stop = 19;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_killed_leader_does_not_stop_the_log_and_comes_back()
    {
        await OrderAsync("n1");
        string leader = await LeaderAsync("n1");
        string other = leader == "n1" ? "n2" : "n1";

        SigmaProcess.Signal(cluster.ProcessOf(leader), Kill);
        ulong height = await OrderAsync(other);
        await cluster.UpAsync();
        JsonElement back = await FollowsAsync(leader, height);

        Assert.True(back.GetProperty("isVoting").GetBoolean(), back.ToString());
    }

    [Fact]
    public async Task A_validator_that_stands_still_is_not_missed_and_catches_up()
    {
        int process = cluster.ProcessOf("n3");
        SigmaProcess.Signal(process, Stop);
        ulong height;
        try
        {
            height = await OrderAsync("n1");
        }
        finally
        {
            SigmaProcess.Signal(process, Continue);
        }

        JsonElement awake = await FollowsAsync("n3", height);

        Assert.Equal("running", awake.GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_validator_whose_log_is_torn_or_damaged_follows_again()
    {
        await OrderAsync("n1");
        SigmaProcess.Signal(cluster.ProcessOf("n2"), Kill);
        Damage(Path.Combine(cluster.NodeFolder("n2"), "data", "control"));

        ulong height = await OrderAsync("n1");
        await cluster.UpAsync();
        JsonElement back = await FollowsAsync("n2", height);

        Assert.Equal("running", back.GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_stored_log_is_checked_from_the_genesis_on_without_asking_any_node()
    {
        ulong height = await OrderAsync("n4");
        await SigmaProcess.SucceedAsync(cluster.Home, "node", "stop", "n4");

        Finished verified = await SigmaProcess.RunAsync(cluster.Home, "control", "verify", "n4", "--json");
        await cluster.UpAsync();

        Assert.True(verified.ExitCode == 0, verified.ToString());
        JsonElement report = JsonOf(verified);
        Assert.True(report.GetProperty("provenHeight").GetUInt64() >= height, report.ToString());
        Assert.True(report.GetProperty("votes").GetInt64() >= 3, report.ToString());
    }

    [Fact]
    public async Task A_proof_of_a_command_is_checked_with_the_cluster_file_alone_and_a_changed_one_is_refused()
    {
        string elsewhere = cluster.NewHome("auditor");
        string proof = Path.Combine(elsewhere, "noop.proof");
        string changed = Path.Combine(elsewhere, "changed.proof");
        await SigmaProcess.SucceedAsync(
            cluster.Home, "control", "propose-noop", "--node", "n1", "--timeout", "100", "--proof", proof);
        byte[] bytes = await File.ReadAllBytesAsync(proof);
        bytes[^700] ^= 1;
        await File.WriteAllBytesAsync(changed, bytes);

        Finished holds = await SigmaProcess.RunAsync(elsewhere, "control", "verify", "--proof", proof, "--json");
        Finished refused = await SigmaProcess.RunAsync(elsewhere, "control", "verify", "--proof", changed);
        Finished absent = await SigmaProcess.RunAsync(elsewhere, "control", "verify", "--proof", proof + ".not");

        Assert.True(holds.ExitCode == 0, holds.ToString());
        Assert.True(JsonOf(holds).GetProperty("votes").GetInt32() >= 3, holds.Data);
        Assert.True(refused.ExitCode == 5, refused.ToString());
        Assert.Contains("proves nothing", refused.Notes, StringComparison.Ordinal);
        Assert.Equal(3, absent.ExitCode);
    }

    /// <summary>Orders a command through a node; the height of its block.</summary>
    private async Task<ulong> OrderAsync(string node)
    {
        Finished ordered = await SigmaProcess.SucceedAsync(
            cluster.Home, "control", "propose-noop", "--node", node, "--timeout", "100", "--json");
        return JsonOf(ordered).GetProperty("height").GetUInt64();
    }

    private async Task<string> LeaderAsync(string node)
    {
        string leader = (await StatusAsync(node))!.Value.GetProperty("leader").GetString()!;
        using JsonDocument file = JsonDocument.Parse(await File.ReadAllTextAsync(cluster.ClusterFile));
        return file.RootElement.GetProperty("nodes").EnumerateArray()
            .Single(known => known.GetProperty("id").GetString() == leader).GetProperty("name").GetString()!;
    }

    /// <summary>Waits until a node has a block; it may have to hear of it first.</summary>
    private async Task<JsonElement> FollowsAsync(string node, ulong height)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            JsonElement? status = await StatusAsync(node);
            if (status is { } found && found.GetProperty("height").GetUInt64() >= height)
            {
                return found;
            }

            Assert.True(
                TimeProvider.System.GetElapsedTime(start) < Patience, $"{node} has no block {height}: {status}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }
    }

    private async Task<JsonElement?> StatusAsync(string node)
    {
        Finished asked = await SigmaProcess.RunAsync(cluster.Home, "control", "status", node, "--json");
        return asked.ExitCode is 0 or 7
            && JsonOf(asked).GetProperty("nodes")[0].TryGetProperty("control", out JsonElement status)
            ? status
            : null;
    }

    /// <summary>Zeroes the end of what was written to the log, as a disk may that lost its power.</summary>
    private static void Damage(string folder)
    {
        string newest = Directory.GetFiles(folder, "wal-*").Order(StringComparer.Ordinal).Last();
        byte[] bytes = File.ReadAllBytes(newest);
        int end = Array.FindLastIndex(bytes, value => value != 0) + 1;
        Assert.True(end > 64, $"{newest} has only {end} bytes");
        using FileStream file = new(newest, FileMode.Open, FileAccess.Write);
        file.Position = end - 7;
        file.Write(new byte[7]);
    }

    private static JsonElement JsonOf(Finished finished)
    {
        using JsonDocument document = JsonDocument.Parse(finished.Data);
        return document.RootElement.Clone();
    }
}
