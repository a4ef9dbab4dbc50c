using SigmaComms.Cluster.Control.WriteAhead;
using SigmaComms.Cluster.Tests.Control.Disks;

namespace SigmaComms.Cluster.Tests.Control.WriteAhead;

/// <summary>The power fails between any two operations, and what was not synced is kept in any part.</summary>
public sealed class WalCrashTests
{
    private const int ScramblesPerPoint = 3;

    [Fact]
    public void After_a_power_cut_at_any_operation_what_was_acknowledged_is_there_and_the_log_goes_on()
    {
        int points = CountChanges();

        for (int point = 0; point <= points; point++)
        {
            for (int scramble = -2; scramble < ScramblesPerPoint; scramble++)
            {
                FaultyDisk disk = new((point * 100) + scramble + 2);
                WalScript script = Crash(disk, point);
                Cut(disk, scramble);

                GoesOn(disk, script, $"point {point} scramble {scramble}");
            }
        }
    }

    [Fact]
    public void After_every_torn_length_of_the_last_write_what_was_acknowledged_is_there()
    {
        FaultyDisk dying = new(1);
        WalScript script = new(dying);
        script.Run(2, 30);
        dying.CutAt = dying.ChangeCount + 1;
        Assert.Throws<PowerCutException>(() => script.Group(700, 2));

        for (long units = 0; units <= dying.UnsyncedUnits; units += units < 1_700 ? 1 : 97)
        {
            FaultyDisk disk = dying.Copy(1);
            disk.Cut(units);

            WalOpening opening = WalScript.Open(disk, script.Synced);

            Assert.True(opening.IsOpen, $"{units} units: {opening.Damage}");
            script.Check(opening.Log);
        }
    }

    [Fact]
    public void A_power_cut_while_the_torn_tail_is_cut_off_does_no_harm()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            FaultyDisk disk = new(seed);
            WalScript script = new(disk);
            script.Run(3, 6_000);
            disk.CutAt = disk.ChangeCount + 1;
            Assert.Throws<PowerCutException>(() => script.Group(9_000, 3));
            disk.Cut();
            for (int death = 0; death < 3; death++)
            {
                disk.CutAt = disk.ChangeCount + death;
                try
                {
                    WalScript.Open(disk, script.Synced).Log?.Dispose();
                }
                catch (PowerCutException)
                {
                    disk.Cut();
                }
            }

            disk.CutAt = null;
            GoesOn(disk, script, $"seed {seed}");
        }
    }

    [Fact]
    public void A_power_cut_while_segments_are_deleted_leaves_no_gap()
    {
        FaultyDisk written = new(1);
        WalScript script = new(written);
        script.Run(60, 5_000);
        script.Log!.Dispose();
        ulong needed = (ulong)script.Appended.Count - 3;

        for (int point = 0; point < 24; point++)
        {
            for (int seed = 0; seed < 4; seed++)
            {
                FaultyDisk disk = written.Copy(seed);
                WriteAheadLog log = WalScript.Open(disk).Log!;
                disk.CutAt = disk.ChangeCount + point;
                try
                {
                    log.DeleteBefore(needed);
                }
                catch (PowerCutException)
                {
                }

                disk.Cut();
                WalOpening opening = WalScript.Open(disk, script.Synced);

                Assert.True(opening.IsOpen, $"point {point} seed {seed}: {opening.Damage}");
                Assert.Equal(4, WalScript.Read(opening.Log, needed).Count);
            }
        }
    }

    [Fact]
    public void A_torn_tail_is_found_once_and_nothing_of_it_is_left()
    {
        FaultyDisk disk = new(1);
        WalScript script = new(disk);
        script.Run(3, 300);
        disk.CutAt = disk.ChangeCount + 1;
        Assert.Throws<PowerCutException>(() => script.Group(9_000, 2));
        disk.Cut(3 * WalFormat.SectorSize);

        WalOpening torn = WalScript.Open(disk);
        torn.Log?.Dispose();
        WalOpening again = WalScript.Open(disk);
        int end = WalFormat.SegmentHeadSize + (3 * WalFormat.SectorSize);

        Assert.Equal((WalState.TornTail, WalState.Clean), (torn.State, again.State));
        Assert.Equal(3 * WalFormat.SectorSize, torn.TornBytes);
        Assert.Equal(-1, disk.BytesOf(WalFormat.NameOf(1)).AsSpan(end).IndexOfAnyExcept((byte)0));
    }

    private static int CountChanges()
    {
        FaultyDisk disk = new(1);
        Script(new WalScript(disk));
        return disk.ChangeCount;
    }

    private static WalScript Crash(FaultyDisk disk, int point)
    {
        WalScript script = new(disk);
        disk.CutAt = point;
        try
        {
            Script(script);
        }
        catch (PowerCutException)
        {
        }

        return script;
    }

    /// <summary>Small and large groups, new segments, groups that are larger than what was zeroed ahead.</summary>
    private static void Script(WalScript script)
    {
        script.Run(9, 20, 9_000, 0, 3_970, 18_000);
        script.Group(50_000, 1);
        script.Group(1, 1);
    }

    private static void Cut(FaultyDisk disk, int scramble)
    {
        switch (scramble)
        {
            case -2:
                disk.Cut(0);
                break;
            case -1:
                disk.Cut(long.MaxValue);
                break;
            default:
                disk.Cut();
                break;
        }
    }

    private static void GoesOn(FaultyDisk disk, WalScript script, string what)
    {
        WalOpening opening = WalScript.Open(disk, script.Synced);
        if (opening.State == WalState.Missing)
        {
            Assert.True(script.Log is null, what);
            return;
        }

        Assert.True(opening.IsOpen, $"{what}: {opening.Damage}");
        using (opening.Log)
        {
            script.Check(opening.Log);
            opening.Log.Append(77, "after"u8);
            opening.Log.Sync();
        }

        disk.Cut();
        using WriteAheadLog? again = WalScript.Open(disk).Log;
        Assert.True(again is not null, what);
        Assert.Equal(77, WalScript.Read(again)[^1].Type);
    }
}
