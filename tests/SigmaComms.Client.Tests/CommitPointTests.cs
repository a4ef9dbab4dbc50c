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
        string last = await AnswerAsync(clock, beta, watched);
        await clock.UntilAsync(() => alpha.Texts.Contains(last), "alpha has the answer");
        await clock.UntilAsync(
            async () => (await alpha.Client.GetStatusAsync(default)).Undelivered == 0, "all is confirmed to alpha");

        await beta.ReadsAsync(toBeta);
        Assert.Contains(string.Join(' ', alpha.Texts), new[] { "4", "5", "4 5" });
        Assert.All(cluster.Seen, static ciphertexts => Assert.Single(ciphertexts));
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

    /// <returns>The text that must arrive.</returns>
    private static async Task<string> AnswerAsync(Clockwork clock, TestPeer beta, MortalJournal watched)
    {
        Task<MessageHandle> sending = beta.Client.SendTextAsync("alpha", "4", default);
        await clock.UntilAsync(() => sending.IsCompleted || watched.IsDead, "stored, or dead");
        if (sending.IsCompletedSuccessfully)
        {
            return "4";
        }

        // The process died over it, so nobody was told that it is stored: it may arrive, once, before what is sent now.
        await OnlineAgainAsync(clock, beta, watched);
        await clock.UntilAsync(beta.Client.SendTextAsync("alpha", "5", default), "stored");
        return "5";
    }
}
