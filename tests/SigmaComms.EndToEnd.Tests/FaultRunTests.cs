using System.Text.Json;
using SigmaComms.EndToEnd.Tests.Clusters;
using SigmaComms.EndToEnd.Tests.Processes;
using SigmaComms.OtlpSink;
using SigmaComms.Persistence.Tests.PostgreSql;

namespace SigmaComms.EndToEnd.Tests;

/// <summary>What operators see of real faults: in the log server, over HTTP and in sigma status.</summary>
[Collection(ClusterCollection.Name)]
public sealed class FaultRunTests : IAsyncLifetime
{
    private const int Failed = 912;
    private const int Restarted = 913;
    private const int BreakerOpened = 920;
    private const int BreakerTurned = 921;
    private const int VerdictTurned = 930;
    private const int Kill = 9;
    private const int Burst = 20;
    private const string Journal = "/user/node/journal";

    private readonly ObservedCluster _cluster = new();

    public Task InitializeAsync() => _cluster.InitializeAsync();

    public Task DisposeAsync() => _cluster.DisposeAsync();

    [PostgreSqlFact]
    public async Task A_killed_store_a_restarted_mailbox_and_a_broken_session_are_told_and_the_verdict_returns()
    {
        Account alpha = await _cluster.NewAccountAsync("alpha");
        await using Agent atAlpha = await alpha.StartAgentAsync("n1");
        (Account beta, Agent receiver) = await ReceiverWithMailboxAsync(atAlpha);
        await using Agent atBeta = receiver;

        // Some of them are on their way into the store when it stops answering.
        Task[] sending = [.. Enumerable.Range(0, Burst).Select(i => atAlpha.SendAsync(beta.Name, TextOf(i)))];
        _cluster.Server.Freeze();
        await ShowsHangAsync();
        await Task.WhenAll(sending);
        _cluster.Server.Kill();
        _cluster.Server.Start();
        await ShowsRecoveryAsync();
        int sent = Burst;
        await ShowsRestartedMailboxAsync(() => atAlpha.SendAsync(beta.Name, TextOf(sent++)));

        Assert.Equal(
            Enumerable.Range(0, sent).Select(TextOf).Prepend("hello"), atBeta.ReceiveTexts(sent + 1));
        atBeta.AssertNothingLeft();

        SigmaProcess.Signal(_cluster.ProcessOf("n4"), Kill);
        string session = await ShowsBrokenSessionAsync();
        await _cluster.UpAsync();
        await _cluster.HealthAsync("n2", IsHealthy);
        await _cluster.EventAsync("n2", Restarted, entry => entry["ActorPath"] == session);
    }

    private static string TextOf(int number) => FormattableString.Invariant($"message {number}");

    private static bool IsHealthy(JsonElement health) => health.GetProperty("verdict").GetString() == "healthy";

    private static JsonElement? Part(JsonElement health, string path) => health.GetProperty("components")
        .EnumerateArray().Where(part => part.GetProperty("path").GetString() == path)
        .Select(part => (JsonElement?)part).SingleOrDefault();

    /// <summary>A recipient whose mailbox has a copy on the node that is about to lose its store.</summary>
    private async Task<(Account Account, Agent Agent)> ReceiverWithMailboxAsync(Agent sender)
    {
        for (int tries = 0; tries < 12; tries++)
        {
            Account account = await _cluster.NewAccountAsync("beta");
            Agent agent = await account.StartAgentAsync("n2");
            await sender.SendAsync(account.Name, "hello");
            if (await _cluster.KeepsMailboxAsync(account))
            {
                return (account, agent);
            }

            await agent.DisposeAsync();
        }

        throw new InvalidOperationException("no mailbox of twelve came to that node");
    }

    private async Task ShowsHangAsync()
    {
        JsonElement health = await _cluster.HealthAsync(
            ObservedCluster.OnServer,
            health => Part(health, Journal) is { } part && part.GetProperty("state").GetString() == "breaker_open");
        Finished status = await SigmaProcess.RunAsync(_cluster.Home, "status", ObservedCluster.OnServer, "--tree");
        SinkEvent opened = await _cluster.EventAsync(
            ObservedCluster.OnServer, BreakerOpened, entry => entry["ActorPath"] == Journal);
        SinkEvent turned = await _cluster.EventAsync(
            ObservedCluster.OnServer, VerdictTurned, entry => entry["Verdict"] == "Unhealthy");

        Assert.Equal("unhealthy", health.GetProperty("verdict").GetString());
        Assert.Equal(7, status.ExitCode);
        Assert.Matches("─ journal  running, .*breaker writes (open|halfopen)", status.Data);
        Assert.Contains("storage: writes_fail", status.Data, StringComparison.Ordinal);
        Assert.Equal(("JournalActor", "System"), (opened["ActorType"], opened["Category"]));
        Assert.Contains("storage writes_fail", turned.Text, StringComparison.Ordinal);
    }

    private async Task ShowsRecoveryAsync()
    {
        await _cluster.HealthAsync(ObservedCluster.OnServer, IsHealthy);
        Finished status = await SigmaProcess.RunAsync(_cluster.Home, "status", ObservedCluster.OnServer, "--tree");
        await _cluster.EventAsync(
            ObservedCluster.OnServer, BreakerTurned,
            entry => entry["ActorPath"] == Journal && entry["State"] == "Closed");
        await _cluster.EventAsync(
            ObservedCluster.OnServer, VerdictTurned, entry => entry["Verdict"] == "Healthy");

        Assert.True(status.ExitCode == 0, status.ToString());
        Assert.Contains("breaker writes closed", status.Data, StringComparison.Ordinal);
    }

    /// <summary>A mailbox that finds another writer at its journal fails, reads it again and goes on.</summary>
    private async Task ShowsRestartedMailboxAsync(Func<Task> sendAsync)
    {
        SinkEvent failed = await _cluster.EventAsync(
            ObservedCluster.OnServer,
            Failed,
            entry => entry["ActorType"] == "MailboxActor" && entry.Text.Contains("Fenced", StringComparison.Ordinal),
            async () =>
            {
                await sendAsync();
                await _cluster.TakeMailboxesAsync();
                await sendAsync();
            });
        SinkEvent restarted = await _cluster.EventAsync(
            ObservedCluster.OnServer, Restarted, entry => entry["ActorPath"] == failed["ActorPath"]);

        Assert.StartsWith("/user/node/mailboxes/", failed["ActorPath"], StringComparison.Ordinal);
        Assert.Equal(("Restart", "System"), (failed["Directive"], failed["Category"]));
        Assert.Equal("MailboxActor", restarted["ActorType"]);
    }

    /// <returns>The path of the actor whose session broke.</returns>
    private async Task<string> ShowsBrokenSessionAsync()
    {
        using BrokenPeer peer = new(_cluster, "n4");
        int[] seen = [0];
        JsonElement health = await _cluster.HealthAsync("n2", health =>
            Part(health, "/user/node/transport") is { } part && part.GetProperty("verdict").GetString() == "degraded",
            async () => seen[0] += await peer.SendGarbageAsync(_cluster.Ports[1]) ? 1 : 0);
        SinkEvent failed = await _cluster.EventAsync("n2", Failed, entry => entry["ActorType"] == "PeerActor");

        Assert.True(seen[0] > 0);
        Assert.StartsWith("/user/node/transport/", failed["ActorPath"], StringComparison.Ordinal);
        Assert.Equal("Restart", failed["Directive"]);
        Assert.Contains("broke: a frame of the peer", failed.Text, StringComparison.Ordinal);
        Assert.Contains(
            "broke: a frame of the peer",
            Part(health, "/user/node/transport")!.Value.GetProperty("lastError").GetString(),
            StringComparison.Ordinal);
        return failed["ActorPath"]!;
    }
}
