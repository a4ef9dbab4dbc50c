using SigmaComms.Client.Tests.Support;
using Xunit.Abstractions;

namespace SigmaComms.Client.Tests;

/// <summary>
/// Two whole clients over a cluster that loses, repeats, delays, refuses and cuts, and processes that die.
/// </summary>
public sealed class StormTests(ITestOutputHelper output)
{
    private const int PerSide = 60;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(19)]
    [InlineData(30)]
    public async Task Every_message_arrives_once_and_in_order_over_a_seed_of_faults(ulong seed)
    {
        output.WriteLine($"seed {seed}");
        var clock = new Clockwork();
        var cluster = new FakeCluster(seed, clock.Time);
        var random = new SeededRandom(seed + 100);
        await using var alpha = new TestPeer("alpha", (seed * 100) + 1, cluster, clock, 0, 1, 2);
        await using var beta = new TestPeer("beta", (seed * 100) + 2, cluster, clock, 1, 2, 0);
        await alpha.OpenAsync();
        await beta.OpenAsync();
        await alpha.OnlineAsync();
        await beta.OnlineAsync();
        cluster.Faults.LoseAnswer = 0.05;
        cluster.Faults.Duplicate = 0.2;
        cluster.Faults.Delay = 0.3;
        cluster.Faults.Refuse = 0.1;
        cluster.Faults.Cut = 0.01;
        var sent = new Dictionary<TestPeer, List<string>> { [alpha] = [], [beta] = [] };

        for (int i = 0; i < PerSide; i++)
        {
            await SendAsync(clock, alpha, "beta", $"a{i}", sent[alpha]);
            await SendAsync(clock, beta, "alpha", $"b{i}", sent[beta]);
            if (random.Chance(0.05))
            {
                TestPeer victim = random.Chance(0.5) ? alpha : beta;
                await victim.CrashAsync();
                await victim.OpenAsync();
            }

            if (random.Chance(0.05))
            {
                cluster.CutLinks();
            }
        }

        cluster.Faults.Calm();
        try
        {
            await clock.UntilAsync(
                () => beta.Items.Count >= sent[alpha].Count && alpha.Items.Count >= sent[beta].Count, "all arrive");
        }
        catch (TimeoutException)
        {
            await DescribeAsync(alpha, cluster);
            await DescribeAsync(beta, cluster);
            throw;
        }

        await clock.UntilAsync(
            async () => (await alpha.Client.GetStatusAsync(default)).Undelivered == 0
                && (await beta.Client.GetStatusAsync(default)).Undelivered == 0,
            "all is confirmed");

        await beta.ReadsAsync(sent[alpha]);
        await alpha.ReadsAsync(sent[beta]);
        Assert.All(cluster.Seen, static ciphertexts => Assert.Single(ciphertexts));
    }

    private async Task DescribeAsync(TestPeer peer, FakeCluster cluster)
    {
        ClientStatus status = await peer.Client.GetStatusAsync(default);
        output.WriteLine(
            $"{peer.Account.Record.Name} has {peer.Items.Count}, mailbox {cluster.Waiting(peer.DeviceId)}, "
            + $"last texts {string.Join(' ', peer.Texts.TakeLast(3))}, at {status.Endpoint} {status.Failure}, "
            + $"unaccepted {status.Unaccepted}, undelivered {status.Undelivered}, dropped {status.Dropped}, "
            + $"unmarked {status.Unmarked}, links {status.Connections}");
    }

    private static async Task SendAsync(Clockwork clock, TestPeer from, string to, string text, List<string> sent)
    {
        await clock.UntilAsync(from.Client.SendTextAsync(to, text, CancellationToken.None), $"{text} is stored");
        sent.Add(text);
    }
}
