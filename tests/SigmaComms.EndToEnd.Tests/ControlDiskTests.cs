using System.Text.Json;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.EndToEnd.Tests.Clusters;
using SigmaComms.EndToEnd.Tests.Control;
using SigmaComms.EndToEnd.Tests.Disks;
using SigmaComms.EndToEnd.Tests.Histories;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests;

/// <summary>The control log of four real validators, one on a disk that is full, slow, or stands still.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ControlDiskTests(SmallLogCluster cluster) : IClassFixture<SmallLogCluster>, IDisposable
{
    private const string Victim = "n4";
    private const int Continue = 18;
    private const int Stop = 19;
    private const int EntryBytes = 60_000;
    private const int SecondsToAsk = 100;

    private readonly ControlWatch _watch = new(cluster);

    public void Dispose() => _watch.Dispose();

    [SmallDiskFact]
    public async Task A_validator_whose_disk_is_full_says_so_is_not_missed_and_votes_again_once_there_is_room()
    {
        using SmallDisk disk = new(sizeMiB: 24);
        await MovedAsync(disk.Path);
        VaultHistory history = await VaultHistory.BeginAsync(_watch);
        string filler = Path.Combine(disk.Path, "filler");
        FillUp(filler);

        ulong number = 0;
        await ControlWatch.UntilAsync(
            async () =>
            {
                await AppendMuchAsync(history, ++number);
                return await _watch[Victim].StatusAsync() is { } status
                    && ControlWatch.TextOf(status, "state") == "disk failing";
            },
            () => $"{Victim} has found room for {number} entries");
        Finished told = await SigmaProcess.RunAsync(cluster.Home, "control", "status", Victim);
        JsonElement failing = await _watch.StatusAsync(Victim);
        await AppendMuchAsync(history, ++number);
        File.Delete(filler);
        await IsNeededAsync(await VotesAsync(await _watch.OrderAsync("n1")));

        Assert.True(told.ExitCode == 7, told.ToString());
        Assert.Contains("disk failing", told.Data, StringComparison.Ordinal);
        Assert.False(ControlWatch.IsVoting(failing), failing.ToString());
        Assert.NotEmpty(ControlWatch.TextOf(failing, "detail"));
        JsonElement? vault = await _watch[Victim].VaultAsync(history.Vault);
        Assert.Equal(number, vault?.GetProperty("count").GetUInt64());
        await cluster.MoveLogAsync(Victim, null);
    }

    [SlowDiskFact]
    public async Task A_validator_whose_disk_takes_half_a_second_for_a_write_slows_nobody_for_long_and_follows()
    {
        using LoopDisk disk = new(sizeMiB: 64);
        await MovedAsync(disk.Path);
        VaultHistory history = await VaultHistory.BeginAsync(_watch);
        int process = cluster.ProcessOf(Victim);

        disk.Throttle(process, writesPerSecond: 2);
        long before = disk.ThrottledWrites;
        for (ulong number = 1; number <= 10; number++)
        {
            VaultSeen? seen = await history.AppendAsync(_watch["n1"], 0, new VaultCall(0, number, number));
            Assert.Equal(new VaultSeen(VaultStatus.Done, number), seen);
        }

        JsonElement slow = await _watch.FollowsAsync(Victim, await _watch.OrderAsync("n2"));
        long written = disk.ThrottledWrites - before;
        LoopDisk.Unthrottle(process);
        await IsNeededAsync(await VotesAsync(await _watch.OrderAsync("n1")));

        Assert.True(written > 0, "nothing was written through the throttle");
        Assert.True(ControlWatch.IsRunning(slow) && ControlWatch.IsVoting(slow), slow.ToString());
        await cluster.MoveLogAsync(Victim, null);
    }

    [LoopDiskFact]
    public async Task A_validator_whose_disk_stands_still_answers_is_not_missed_and_goes_on_when_it_moves_again()
    {
        using LoopDisk disk = new(sizeMiB: 64);
        await MovedAsync(disk.Path);
        VaultHistory history = await VaultHistory.BeginAsync(_watch);
        await _watch.AgreeAsync(ControlWatch.All);
        ulong syncs = SyncsOf(await _watch.StatusAsync(Victim));

        disk.Freeze();
        for (ulong number = 1; number <= 3; number++)
        {
            VaultSeen? seen = await history.AppendAsync(_watch["n1"], 0, new VaultCall(0, number, number));
            Assert.Equal(new VaultSeen(VaultStatus.Done, number), seen);
        }

        JsonElement still = await _watch.StatusAsync(Victim);
        disk.Thaw();
        await IsNeededAsync(await VotesAsync(await _watch.OrderAsync("n1")));

        Assert.InRange(SyncsOf(still), syncs, syncs + 1);
        await cluster.MoveLogAsync(Victim, null);
    }

    private static ulong SyncsOf(JsonElement status) => status.GetProperty("log").GetProperty("syncs").GetUInt64();

    private static void FillUp(string path)
    {
        using FileStream filler = File.Create(path);
        try
        {
            byte[] block = new byte[4 * 1024];
            while (true)
            {
                filler.Write(block);
                filler.Flush();
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private async Task MovedAsync(string disk)
    {
        await cluster.MoveLogAsync(Victim, disk);
        await _watch.UntilAsync(Victim, "voting", ControlWatch.IsVoting);
    }

    private async Task AppendMuchAsync(VaultHistory history, ulong number)
    {
        (VaultReply? reply, _) = await _watch["n1"].OrderAsync(
            VaultCommand.Append(history.Vault, number, new byte[EntryBytes]), SecondsToAsk);
        Assert.Equal(VaultStatus.Done, reply?.Status);
    }

    private Task<JsonElement> VotesAsync(ulong height) => _watch.UntilAsync(
        Victim, $"voting at block {height}",
        status => ControlWatch.IsRunning(status) && ControlWatch.IsVoting(status)
            && ControlWatch.HeightOf(status) >= height);

    /// <summary>It kept its key, and its vote counts: while one of the others stands still all need it.</summary>
    private async Task IsNeededAsync(JsonElement status)
    {
        Assert.Equal(1U, status.GetProperty("incarnation").GetUInt32());
        int other = cluster.ProcessOf("n1");
        SigmaProcess.Signal(other, Stop);
        try
        {
            await _watch.OrderAsync("n2");
        }
        finally
        {
            SigmaProcess.Signal(other, Continue);
        }
    }
}
