using System.Text.Json;
using SigmaComms.EndToEnd.Tests.Clusters;
using SigmaComms.EndToEnd.Tests.Control;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests;

/// <summary>Real validators that come back without what they have signed, or with a part of it that rotted.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ControlLossTests(SmallLogCluster cluster) : IClassFixture<SmallLogCluster>, IDisposable
{
    private const int Kill = 9;
    private const int Continue = 18;
    private const int Stop = 19;

    // Where the records of a segment's first group begin: docs/formats/control-log-wal.md.
    private const int FirstRecords = 8_192 + 112;

    private readonly ControlWatch _watch = new(cluster);

    public void Dispose() => _watch.Dispose();

    [Fact]
    public Task A_validator_that_lost_its_disk_does_not_vote_before_an_epoch_has_its_new_key() =>
        VotesAnewAsync("n3", folder => Directory.Delete(folder, recursive: true));

    [Fact]
    public Task A_validator_whose_log_rotted_before_its_tail_votes_no_more_with_it_and_heals_from_the_others() =>
        VotesAnewAsync("n2", Rot);

    /// <summary>
    /// While another validator stands still the two that are left are no quorum, so a vote of the one that came back
    /// would show.
    /// </summary>
    private async Task VotesAnewAsync(string victim, Action<string> spoil)
    {
        ulong height = 0;
        for (int i = 0; i < 4; i++)
        {
            height = await _watch.OrderAsync(victim);
        }

        JsonElement before = await _watch.FollowsAsync(victim, height);
        await _watch.AgreeAsync(ControlWatch.All);
        SigmaProcess.Signal(cluster.ProcessOf(victim), Kill);
        spoil(cluster.LogFolder(victim));
        int standing = cluster.ProcessOf("n4");
        SigmaProcess.Signal(standing, Stop);
        JsonElement mute;
        try
        {
            await SigmaProcess.SucceedAsync(cluster.Home, "node", "start", victim);
            mute = await _watch.UntilAsync(
                victim, "running without a vote",
                status => ControlWatch.IsRunning(status) && !ControlWatch.IsVoting(status));
            await _watch.FailToOrderAsync("n1", seconds: 5);
        }
        finally
        {
            SigmaProcess.Signal(standing, Continue);
        }

        JsonElement back = await _watch.UntilAsync(
            victim, "voting anew", status => ControlWatch.IsRunning(status) && ControlWatch.IsVoting(status));
        await _watch.AgreeAsync(ControlWatch.All);

        Assert.NotEmpty(ControlWatch.TextOf(mute, "notVotingBecause"));
        // Who begins anew from its peers may still be on its way through the epochs before.
        Assert.True(EpochOf(mute) <= EpochOf(before), mute.ToString());
        Assert.True(EpochOf(back) > EpochOf(before), back.ToString());
        Assert.True(IncarnationOf(back) > IncarnationOf(before), back.ToString());
        await IsNeededAsync(victim);
    }

    private async Task IsNeededAsync(string victim)
    {
        int other = cluster.ProcessOf("n1");
        SigmaProcess.Signal(other, Stop);
        try
        {
            await _watch.OrderAsync(victim);
        }
        finally
        {
            SigmaProcess.Signal(other, Continue);
        }
    }

    private static ulong EpochOf(JsonElement status) => status.GetProperty("epoch").GetUInt64();

    private static uint IncarnationOf(JsonElement status) => status.GetProperty("incarnation").GetUInt32();

    private static void Rot(string folder)
    {
        string oldest = Directory.GetFiles(folder, "wal-*").Order(StringComparer.Ordinal).First();
        using FileStream file = new(oldest, FileMode.Open, FileAccess.ReadWrite);
        file.Position = FirstRecords + 20;
        int value = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(value ^ 1));
    }
}
