using System.Diagnostics;
using System.Text.Json;
using SigmaComms.EndToEnd.Tests.Clusters;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests;

/// <summary>A validator whose program is built to lie, among three real ones.</summary>
[Collection(ClusterCollection.Name)]
public sealed class EquivocationTests : IAsyncLifetime
{
    private static readonly string[] Honest = ["n1", "n2", "n3"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly EquivocatedCluster _cluster = new();

    public Task InitializeAsync() => _cluster.InitializeAsync();

    public Task DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_validator_built_to_equivocate_is_accused_convicted_and_votes_no_more()
    {
        string liar = IdOf(EquivocatedCluster.Liar);
        Assert.True((await MemberAsync("n1", liar)).GetProperty("isVoting").GetBoolean());
        ulong before = await EpochAsync("n1");

        foreach (string node in Honest)
        {
            await OrderAsync(node);
        }

        foreach (string node in Honest)
        {
            JsonElement member = await EvictedAsync(node, liar);
            Assert.Equal("convicted", member.GetProperty("reason").GetString());
            Assert.False(member.GetProperty("votesNext").GetBoolean());
            Assert.True(await EpochAsync(node) > before);
            await OrderAsync(node);
        }

        string[] accusations = [.. Honest.SelectMany(AccusationsIn)];
        Assert.Contains(accusations, line => line.Contains("TwoNotarizations", StringComparison.Ordinal)
            || line.Contains("TwoProposals", StringComparison.Ordinal));
        Assert.All(accusations, line => Assert.Contains(liar[..8], line, StringComparison.Ordinal));
    }

    // A command is lost to nobody: it may take views in which the liar leads.
    private async Task OrderAsync(string node) => await SigmaProcess.SucceedAsync(
        _cluster.Home, "control", "propose-noop", "--node", node, "--timeout", "100");

    private async Task<JsonElement> EvictedAsync(string asked, string node)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (true)
        {
            JsonElement member = await MemberAsync(asked, node);
            if (member.GetProperty("state").GetString() == "evicted" && !member.GetProperty("isVoting").GetBoolean())
            {
                return member;
            }

            Assert.True(clock.Elapsed < Patience, $"{asked} says after {Patience}: {member}");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    private async Task<JsonElement> MemberAsync(string asked, string node)
    {
        Finished members = await SigmaProcess.SucceedAsync(
            _cluster.Home, "control", "members", "--node", asked, "--json");
        return JsonElement.Parse(members.Data).GetProperty("members").EnumerateArray()
            .Single(member => member.GetProperty("node").GetString() == node);
    }

    private async Task<ulong> EpochAsync(string node)
    {
        // It exits with 7 where the node is behind, and tells it all the same.
        Finished status = await SigmaProcess.RunAsync(_cluster.Home, "control", "status", node, "--json");
        Assert.True(status.ExitCode is 0 or 7, status.ToString());
        return JsonElement.Parse(status.Data).GetProperty("nodes")[0].GetProperty("control").GetProperty("epoch")
            .GetUInt64();
    }

    private string IdOf(string name) => JsonElement.Parse(File.ReadAllText(_cluster.ClusterFile)).GetProperty("nodes")
        .EnumerateArray().Single(node => node.GetProperty("name").GetString() == name).GetProperty("id").GetString()!;

    private IEnumerable<string> AccusationsIn(string node) =>
        File.ReadLines(Path.Combine(_cluster.NodeFolder(node), "node.log"))
            .Where(line => line.Contains("is accused", StringComparison.Ordinal));
}
