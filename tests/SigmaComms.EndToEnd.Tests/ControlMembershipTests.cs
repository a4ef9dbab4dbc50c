using System.Globalization;
using System.Text.Json;
using SigmaComms.Cryptography;
using SigmaComms.EndToEnd.Tests.Clusters;
using SigmaComms.EndToEnd.Tests.Control;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests;

/// <summary>Real nodes that get a vote and lose it.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ControlMembershipTests(OwnCluster cluster) : IClassFixture<OwnCluster>, IDisposable
{
    private const string Promoted = "n5";
    private const string Evicted = "n2";
    private const int NotAuthorised = 4;
    private const int Continue = 18;
    private const int Stop = 19;

    private readonly ControlWatch _watch = new(cluster);

    public void Dispose() => _watch.Dispose();

    [Fact]
    public async Task A_node_is_promoted_and_votes_and_another_is_evicted_and_does_not_get_in_again()
    {
        await JoinAsync();
        JsonElement serving = await _watch.UntilAsync(
            Promoted, "running without a vote",
            status => ControlWatch.IsRunning(status) && !ControlWatch.IsVoting(status));

        await SigmaProcess.SucceedAsync(
            cluster.Home, "control", "propose-roles", Promoted, "--role", "validator", "--role", "mailbox",
            "--timeout", "100");
        JsonElement voting = await _watch.UntilAsync(Promoted, "voting", ControlWatch.IsVoting);
        await NeedsAsync(Promoted, without: "n1");

        NodeId evicted = _watch.IdOf(Evicted);
        int process = cluster.ProcessOf(Evicted);
        await SigmaProcess.SucceedAsync(cluster.Home, "node", "evict", Evicted, "--timeout", "100");
        foreach (string node in (string[])["n1", "n3", "n4", Promoted])
        {
            await _watch.MemberAsync(
                node, evicted, "evicted and without a vote",
                member => ControlWatch.TextOf(member, "state") == "evicted"
                    && !member.GetProperty("isVoting").GetBoolean());
        }

        await ControlWatch.UntilAsync(
            () => Task.FromResult(!Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}"))),
            () => $"{Evicted} still runs");
        Finished again = await SigmaProcess.RunAsync(cluster.Home, "node", "run", Evicted);
        await NeedsAsync(Promoted, without: "n3");
        JsonElement after = await _watch.StatusAsync("n1");

        Assert.True(again.ExitCode == NotAuthorised, again.ToString());
        Assert.True(EpochOf(serving) < EpochOf(voting) && EpochOf(voting) < EpochOf(after), after.ToString());
        string?[] validators = [.. after.GetProperty("validators").EnumerateArray().Select(id => id.GetString())];
        Assert.Equal(4, validators.Length);
        Assert.DoesNotContain(evicted.ToString(), validators);
    }

    private static ulong EpochOf(JsonElement status) => status.GetProperty("epoch").GetUInt64();

    private async Task JoinAsync()
    {
        string listen = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePorts.Take(1)[0]}");
        string[] join = ["node", "join", Promoted, "--listen", listen];
        Finished asked = await SigmaProcess.RunAsync(cluster.Home, join);
        Assert.True(asked.ExitCode == NotAuthorised, asked.ToString());
        await SigmaProcess.SucceedAsync(cluster.Home, "node", "admit", Promoted, "--timeout", "100");
        await SigmaProcess.SucceedAsync(cluster.Home, [.. join, "--detach"]);
    }

    /// <summary>While another one stands still the rest is a quorum only with this one.</summary>
    private async Task NeedsAsync(string node, string without)
    {
        int process = cluster.ProcessOf(without);
        SigmaProcess.Signal(process, Stop);
        try
        {
            await _watch.OrderAsync(node);
        }
        finally
        {
            SigmaProcess.Signal(process, Continue);
        }
    }
}
