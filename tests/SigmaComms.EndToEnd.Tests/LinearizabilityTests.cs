using System.Text.Json;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.EndToEnd.Tests.Clusters;
using SigmaComms.EndToEnd.Tests.Control;
using SigmaComms.EndToEnd.Tests.Histories;
using SigmaComms.EndToEnd.Tests.Processes;
using SigmaComms.Simulation.Linearizability;

namespace SigmaComms.EndToEnd.Tests;

/// <summary>What clients of four real validators are told while processes are killed and stopped.</summary>
[Collection(ClusterCollection.Name)]
public sealed class LinearizabilityTests(OwnCluster cluster) : IClassFixture<OwnCluster>, IDisposable
{
    private const int Kill = 9;
    private const int Continue = 18;
    private const int Stop = 19;

    // A node that is killed answers nobody, and what it was asked stays open: soon enough to go on then.
    private const int SecondsToAsk = 20;

    private readonly ControlWatch _watch = new(cluster);

    public void Dispose() => _watch.Dispose();

    [Fact]
    public async Task What_clients_see_while_a_leader_is_killed_and_another_stands_still_is_linearizable()
    {
        VaultHistory history = await VaultHistory.BeginAsync(_watch);
        using CancellationTokenSource enough = new();
        List<Task> clients = [];
        for (int node = 0; node < ControlWatch.All.Count; node++)
        {
            clients.Add(WriteAsync(history, node, enough.Token));
            clients.Add(ReadAsync(history, node, enough.Token));
        }

        await AnsweredAsync(history, 60);
        string leader = _watch.NameOf(ControlWatch.TextOf(await _watch.StatusAsync("n1"), "leader"));
        SigmaProcess.Signal(cluster.ProcessOf(leader), Kill);
        await AnsweredAsync(history, 40);
        await cluster.UpAsync();
        await AnsweredByAsync(history, leader, 4);

        string other = leader == "n3" ? "n2" : "n3";
        int process = cluster.ProcessOf(other);
        SigmaProcess.Signal(process, Stop);
        try
        {
            await AnsweredAsync(history, 40);
        }
        finally
        {
            SigmaProcess.Signal(process, Continue);
        }

        await AnsweredByAsync(history, other, 4);
        await enough.CancelAsync();
        await Task.WhenAll(clients);

        Assert.Equal(Verdict.Linearizable, VaultHistory.Check(history.Operations));
        Assert.True(VaultHistory.Check(Spoiled(history.Operations)) == Verdict.NotLinearizable, history.ToString());
        Assert.All(ControlWatch.All, node => Assert.True(AnswersOf(history, node) > 0, $"{node}\n{history}"));
        await AgreeAsync(history);
    }

    private static int ClientOf(int node, bool isReader) => (2 * node) + (isReader ? 1 : 0);

    private static int AnswersOf(VaultHistory history, string node)
    {
        int index = ControlWatch.All.ToList().IndexOf(node);
        return history.Operations.Count(
            operation => operation.Returned is not null && operation.Client / 2 == index);
    }

    // Appends one entry after the other, also after one of which it was told nothing: then that number may be taken.
    private async Task WriteAsync(VaultHistory history, int node, CancellationToken enough)
    {
        (ulong number, ulong entry) = (1, 0);
        while (!enough.IsCancellationRequested)
        {
            entry++;
            VaultSeen? seen = await history.AppendAsync(
                _watch[ControlWatch.All[node]], ClientOf(node, isReader: false),
                new VaultCall(node, number, ((ulong)node << 32) | entry), SecondsToAsk);
            number = seen switch
            {
                { Status: VaultStatus.Done } => number + 1,
                { Status: VaultStatus.WrongSequence } => seen.Number,
                null => number,
                _ => throw new InvalidOperationException($"{ControlWatch.All[node]} refuses: {seen}"),
            };
            await BreatheAsync(seen);
        }
    }

    private async Task ReadAsync(VaultHistory history, int node, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            await BreatheAsync(await history.ReadAsync(
                _watch[ControlWatch.All[node]], ClientOf(node, isReader: true), SecondsToAsk));
        }
    }

    // Who does not run says so at once, and need not be asked a thousand times.
    private static Task BreatheAsync(VaultSeen? seen) =>
        seen is null ? Task.Delay(ControlWatch.Pause, TimeProvider.System) : Task.CompletedTask;

    private static Task AnsweredAsync(VaultHistory history, int more)
    {
        int wanted = history.AnswerCount + more;
        return ControlWatch.UntilAsync(
            () => Task.FromResult(history.AnswerCount >= wanted), () => $"{history.AnswerCount} answers of {wanted}");
    }

    private async Task AnsweredByAsync(VaultHistory history, string node, int more)
    {
        int wanted = AnswersOf(history, node) + more;
        JsonElement? status = null;
        await ControlWatch.UntilAsync(
            async () =>
            {
                status = await _watch[node].StatusAsync();
                return AnswersOf(history, node) >= wanted;
            },
            () => $"{node} does not answer its clients: {status}");
    }

    /// <summary>The history in which the last read is told what was there before the first entry.</summary>
    private static List<Operation<VaultCall, VaultSeen>> Spoiled(
        IReadOnlyList<Operation<VaultCall, VaultSeen>> history)
    {
        Operation<VaultCall, VaultSeen> last = history.Where(operation => operation.Input.IsRead)
            .MaxBy(operation => operation.Invoked)!;
        return
        [
            .. history.Where(operation => operation != last),
            last with { Output = new VaultSeen(VaultStatus.Done, 0) },
        ];
    }

    /// <summary>All nodes hold the same, and sigma shows it.</summary>
    private async Task AgreeAsync(VaultHistory history)
    {
        await _watch.AgreeAsync(ControlWatch.All);
        Finished read = await SigmaProcess.SucceedAsync(
            cluster.Home, "control", "read", history.Vault.ToString(), "--linearizable", "--node", "n4", "--json");
        JsonElement shown = JsonElement.Parse(read.Data);
        Assert.Equal("n4", ControlWatch.TextOf(shown, "answeredBy"));
        foreach (string node in ControlWatch.All)
        {
            Assert.Equal(
                VaultHistory.SeenIn(shown.GetProperty("state")),
                VaultHistory.SeenIn(await _watch[node].VaultAsync(history.Vault)));
        }
    }
}
