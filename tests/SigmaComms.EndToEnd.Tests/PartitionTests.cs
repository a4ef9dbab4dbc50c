using System.Text.Json;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.EndToEnd.Tests.Clusters;
using SigmaComms.EndToEnd.Tests.Control;
using SigmaComms.EndToEnd.Tests.Histories;
using SigmaComms.EndToEnd.Tests.Networks;
using SigmaComms.Simulation.Linearizability;

namespace SigmaComms.EndToEnd.Tests;

/// <summary>The control log of four real validators in networks of their own, which are torn and mended.</summary>
[Collection(ClusterCollection.Name)]
public sealed class PartitionTests(SwitchedCluster cluster) : IClassFixture<SwitchedCluster>, IDisposable
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BeatMax = TimeSpan.FromSeconds(1);

    private readonly ControlWatch _watch = new(cluster);

    public void Dispose()
    {
        _watch.Dispose();
        if (SwitchedNetwork.Obstacle is null)
        {
            Enumerable.Range(0, ControlWatch.All.Count).ToList().ForEach(cluster.Network.Plug);
            cluster.Network.Heal();
        }
    }

    [NetworkFact]
    public async Task Between_two_halves_nothing_is_final_and_once_healed_what_waited_is_final_once_for_both()
    {
        VaultHistory history = await VaultHistory.BeginAsync(_watch);
        await _watch.AgreeAsync(ControlWatch.All);
        ulong before = ControlWatch.HeightOf(await _watch.StatusAsync("n1"));

        cluster.Network.Split(2, 3);
        Task<VaultSeen?> left = history.AppendAsync(_watch["n1"], 0, new VaultCall(0, 1, 11));
        Task<VaultSeen?> right = history.AppendAsync(_watch["n3"], 2, new VaultCall(2, 1, 33));
        foreach (string node in ControlWatch.All)
        {
            await _watch.UntilAsync(node, "waiting for a command", IsWaiting);
        }

        await StaysAsync(before);
        Assert.False(left.IsCompleted || right.IsCompleted);
        Assert.Null(await _watch["n1"].VaultNowAsync(history.Vault, seconds: 1));
        cluster.Network.Heal();
        VaultSeen?[] seen = await Task.WhenAll(left, right);
        await AgreeAsync(history, entries: 2);

        Assert.All(seen, reply => Assert.Equal(VaultStatus.Done, reply?.Status));
        Assert.Equal([1UL, 2UL], seen.Select(reply => reply!.Number).Order());
        Assert.Equal(Verdict.Linearizable, VaultHistory.Check(history.Operations));
    }

    [NetworkFact]
    public async Task Three_go_on_without_the_one_they_cannot_hear_which_reads_old_things_and_then_catches_up()
    {
        VaultHistory history = await VaultHistory.BeginAsync(_watch);
        await _watch.AgreeAsync(ControlWatch.All);

        cluster.Network.Split(3);
        Task<VaultSeen?> waiting = history.AppendAsync(_watch["n4"], 3, new VaultCall(3, 1, 44));
        for (ulong number = 1; number <= 3; number++)
        {
            VaultSeen? appended = await history.AppendAsync(_watch["n1"], 0, new VaultCall(0, number, number));
            Assert.Equal(new VaultSeen(VaultStatus.Done, number), appended);
        }

        Assert.Null(await history.ReadAsync(_watch["n4"], 4, seconds: 2));
        Assert.Equal(new VaultSeen(VaultStatus.Done, 3, 3), await history.ReadAsync(_watch["n2"], 5));
        IReadOnlyList<Operation<VaultCall, VaultSeen>> sound = history.Operations;
        VaultSeen? stale = await history.ReadLocallyAsync(_watch["n4"], 4);
        IReadOnlyList<Operation<VaultCall, VaultSeen>> torn = history.Operations;
        Assert.False(waiting.IsCompleted);
        cluster.Network.Heal();
        VaultSeen? last = await waiting;
        await AgreeAsync(history, entries: 4);

        Assert.Equal(new VaultSeen(VaultStatus.Done, 0), stale);
        Assert.Equal(Verdict.Linearizable, VaultHistory.Check(sound));
        Assert.Equal(Verdict.NotLinearizable, VaultHistory.Check(torn));
        Assert.Equal(new VaultSeen(VaultStatus.Done, 4), last);
        Assert.Equal(new VaultSeen(VaultStatus.Done, 4, 44), await history.ReadAsync(_watch["n4"], 4));
    }

    [NetworkFact]
    public async Task Cables_that_come_and_go_lose_nothing_repeat_nothing_and_in_the_end_all_agree()
    {
        VaultHistory history = await VaultHistory.BeginAsync(_watch);
        using CancellationTokenSource calm = new();
        Task<ulong>[] writers = [AppendUntilAsync(history, 0, calm.Token), AppendUntilAsync(history, 2, calm.Token)];

        for (int round = 0; round < 8; round++)
        {
            await FlapAsync(round);
        }

        await calm.CancelAsync();
        ulong[] appended = await Task.WhenAll(writers);
        await AgreeAsync(history, entries: appended[0] + appended[1]);

        Assert.All(appended, count => Assert.True(count > 0, history.ToString()));
        Assert.True(VaultHistory.Check(history.Operations) == Verdict.Linearizable, history.ToString());
        foreach (string node in ControlWatch.All)
        {
            JsonElement status = await _watch.StatusAsync(node);
            Assert.True(ControlWatch.IsVoting(status), status.ToString());
            Assert.Equal(1U, status.GetProperty("incarnation").GetUInt32());
        }
    }

    private static bool IsWaiting(JsonElement status) => status.GetProperty("waitingGroups").GetInt32() > 0;

    // In turn one cable or one half. A beat ends with the next final block or view, and after a second without.
    private async Task FlapAsync(int round)
    {
        int machine = round % ControlWatch.All.Count;
        int other = (machine + 1) % ControlWatch.All.Count;
        bool isHalf = round % 2 == 1;
        string witness = ControlWatch.All[(machine + 2) % ControlWatch.All.Count];
        if (isHalf)
        {
            cluster.Network.Split(machine, other);
        }
        else
        {
            cluster.Network.Unplug(machine);
        }

        await BeatAsync(witness);
        cluster.Network.Plug(machine);
        cluster.Network.Heal();
        await BeatAsync(witness);
    }

    private async Task BeatAsync(string witness)
    {
        (ulong, ulong) before = PlaceOf(await _watch.StatusAsync(witness));
        long start = TimeProvider.System.GetTimestamp();
        do
        {
            await Task.Delay(ControlWatch.Pause, TimeProvider.System);
        }
        while (PlaceOf(await _watch.StatusAsync(witness)) == before
            && TimeProvider.System.GetElapsedTime(start) < BeatMax);
    }

    private static (ulong Height, ulong View) PlaceOf(JsonElement status) =>
        (ControlWatch.HeightOf(status), status.GetProperty("view").GetUInt64());

    /// <summary>One entry after the other, until it is calm; how many.</summary>
    private async Task<ulong> AppendUntilAsync(VaultHistory history, int writer, CancellationToken calm)
    {
        ulong number = 0;
        while (!calm.IsCancellationRequested)
        {
            number++;
            ulong entry = (ulong)(writer * 100_000) + number;
            VaultSeen? seen = await history.AppendAsync(
                _watch[ControlWatch.All[writer]], writer, new VaultCall(writer, number, entry));
            Assert.True(seen?.Status == VaultStatus.Done, $"entry {number} of {writer}: {seen}");
        }

        return number;
    }

    /// <summary>For some seconds no node has a block after a height.</summary>
    private async Task StaysAsync(ulong height)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < Silence)
        {
            foreach (string node in ControlWatch.All)
            {
                Assert.Equal(height, ControlWatch.HeightOf(await _watch.StatusAsync(node)));
            }

            await Task.Delay(ControlWatch.Pause, TimeProvider.System);
        }
    }

    /// <summary>All have the same blocks, and as many entries of the vault.</summary>
    private async Task AgreeAsync(VaultHistory history, ulong entries)
    {
        await _watch.AgreeAsync(ControlWatch.All);
        foreach (string node in ControlWatch.All)
        {
            VaultSeen? seen = VaultHistory.SeenIn(await _watch[node].VaultAsync(history.Vault));
            Assert.Equal(entries, seen?.Number);
        }
    }
}
