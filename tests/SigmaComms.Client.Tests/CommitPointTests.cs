using SigmaComms.Client.Tests.Support;
using Xunit.Abstractions;

namespace SigmaComms.Client.Tests;

/// <summary>The same short script with a fault at its first append, its second, and so on to its last.</summary>
public sealed class CommitPointTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Whatever_append_fails_or_kills_nothing_is_lost_and_nothing_comes_twice(bool storeFirst, bool dies)
    {
        int at = 0;
        bool reached = true;
        while (reached)
        {
            at++;
            reached = await RunAsync(at, storeFirst, dies);
        }

        output.WriteLine($"{at - 1} appends");
        Assert.True(at > 8, "the script has too few commits to show anything");
    }

    /// <returns>Whether the append with this number came to pass.</returns>
    private static async Task<bool> RunAsync(int at, bool storeFirst, bool dies)
    {
        var clock = new Clockwork();
        var cluster = new FakeCluster(11, clock.Time, nodes: 1);
        await using var alpha = new TestPeer("alpha", 1, cluster, clock);
        await using var beta = new TestPeer("beta", 2, cluster, clock);
        await beta.OpenAsync(beta.JournalThat(at, storeFirst, dies));
        MortalJournal watched = beta.Journal;
        await alpha.OpenAsync();
        await alpha.OnlineAsync();
        await OnlineAgainAsync(clock, beta, watched);

        string[] toBeta = ["1", "2", "3"];
        foreach (string text in toBeta)
        {
            await clock.UntilAsync(alpha.Client.SendTextAsync("beta", text, default), "stored");
        }

        await clock.UntilAsync(() => beta.Items.Count == 3 || watched.IsDead, "beta has three");
        await OnlineAgainAsync(clock, beta, watched);
        await clock.UntilAsync(() => beta.Items.Count == 3, "beta has three");
        await AnswerAsync(clock, beta, alpha, watched, "4");
        await clock.UntilAsync(() => alpha.Items.Count == 1, "alpha has one");
        await clock.UntilAsync(
            async () => (await alpha.Client.GetStatusAsync(default)).Undelivered == 0, "all is confirmed to alpha");

        Assert.Equal(toBeta, beta.Texts);
        Assert.Equal(["4"], alpha.Texts);
        Assert.All(cluster.Seen, seen => Assert.Single(seen.Value));
        await OnlineAgainAsync(clock, beta, watched);
        return watched.Appends >= at;
    }

    private static async Task OnlineAgainAsync(Clockwork clock, TestPeer peer, MortalJournal watched)
    {
        await clock.UntilAsync(() => peer.Client.Published.IsCompleted || watched.IsDead, "published, or dead");
        if (watched.IsDead && ReferenceEquals(peer.Journal, watched))
        {
            await peer.CrashAsync();
            await peer.OpenAsync();
            await peer.OnlineAsync();
        }
    }

    private static async Task AnswerAsync(
        Clockwork clock, TestPeer beta, TestPeer alpha, MortalJournal watched, string text)
    {
        Task<MessageHandle> sending = beta.Client.SendTextAsync("alpha", text, default);
        await clock.UntilAsync(() => sending.IsCompleted || watched.IsDead, "stored, or dead");
        if (sending.IsCompletedSuccessfully)
        {
            return;
        }

        // The process died over it: nobody was told that it is stored, so the user looks whether it arrived.
        await OnlineAgainAsync(clock, beta, watched);
        await clock.PassAsync(TimeSpan.FromSeconds(5));
        if (alpha.Items.Count == 0)
        {
            await clock.UntilAsync(beta.Client.SendTextAsync("alpha", text, default), "stored");
        }
    }
}
