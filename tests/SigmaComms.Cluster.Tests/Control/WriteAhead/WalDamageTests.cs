using SigmaComms.Cluster.Control.WriteAhead;
using SigmaComms.Cluster.Disks;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Tests.Control.WriteAhead;

/// <summary>What was synced and is damaged is never cut off.</summary>
public sealed class WalDamageTests
{
    private readonly FaultyDisk _disk = new(5);

    [Fact]
    public void Rot_anywhere_before_the_last_group_is_reported_with_its_place_and_nothing_is_changed()
    {
        WalScript script = Written(groupCount: 6, payloadSize: 300);
        int lastGroup = WalFormat.SegmentHeadSize + (5 * WalFormat.SectorSize);

        for (int offset = WalFormat.SegmentHeadSize; offset < lastGroup; offset += 61)
        {
            FaultyDisk disk = _disk.Copy(1);
            bool isPadding = IsPadding(disk, offset);
            disk.Rot(WalFormat.NameOf(1), offset, 0x40);

            WalOpening opening = WalScript.Open(disk);

            if (isPadding)
            {
                script.Check(opening.Log!);
                continue;
            }

            Assert.Equal(WalState.Damaged, opening.State);
            Assert.Equal(WalDamageKind.Group, opening.Damage!.Kind);
            Assert.Equal(offset / WalFormat.SectorSize * WalFormat.SectorSize, opening.Damage.Offset);
            Assert.Contains("wal-0000000000000001.log", opening.Damage.ToString(), StringComparison.Ordinal);
            Assert.Equal(0, disk.ChangeCount);
        }
    }

    [Fact]
    public void Rot_in_the_last_group_is_a_torn_tail_unless_the_guard_says_that_it_was_synced()
    {
        WalScript script = Written(3, 300);
        _disk.Rot(WalFormat.NameOf(1), WalFormat.SegmentHeadSize + (2 * WalFormat.SectorSize) + 200);

        WalOpening vouched = WalScript.Open(_disk, script.Synced);
        WalOpening unknown = WalScript.Open(_disk);

        Assert.Equal(WalState.Damaged, vouched.State);
        Assert.Equal(WalDamageKind.Group, vouched.Damage!.Kind);
        Assert.Equal(WalState.TornTail, unknown.State);
        Assert.InRange(unknown.TornBytes, 1, WalFormat.SectorSize);
    }

    [Fact]
    public void A_lost_last_group_is_damage_if_the_guard_says_that_it_was_synced()
    {
        WalScript script = new(_disk);
        script.Run(3, 300);
        _disk.Plan = (operation, _) => operation == DiskOperation.Write ? DiskFault.Lose : DiskFault.None;
        script.Group(300, 1);
        _disk.Plan = null;
        _disk.Cut();

        Assert.Equal(WalState.Damaged, WalScript.Open(_disk, script.Synced).State);
        Assert.Equal(WalState.Clean, WalScript.Open(_disk).State);
    }

    [Fact]
    public void A_lost_write_before_the_last_group_is_damage()
    {
        WalScript script = new(_disk);
        script.Run(3, 300);
        _disk.Plan = (operation, _) => operation == DiskOperation.Write ? DiskFault.Lose : DiskFault.None;
        script.Group(300, 1);
        _disk.Plan = null;
        script.Group(300, 1);
        _disk.Cut();

        WalOpening opening = WalScript.Open(_disk);

        Assert.Equal(WalState.Damaged, opening.State);
        Assert.Equal(WalFormat.SegmentHeadSize + (3 * WalFormat.SectorSize), opening.Damage!.Offset);
    }

    [Fact]
    public void Misdirected_writes_never_make_acknowledged_records_disappear_silently()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            FaultyDisk disk = new(seed);
            WalScript script = new(disk);
            script.Run(8, 300);
            disk.Plan = (operation, _) => operation == DiskOperation.Write ? DiskFault.Misdirect : DiskFault.None;
            script.Group(300, 1);
            disk.Plan = null;
            script.Group(300, 1);
            disk.Cut();

            WalOpening opening = WalScript.Open(disk, script.Synced);

            Assert.True(opening.State == WalState.Damaged, $"seed {seed}: {opening.State}");
        }
    }

    [Fact]
    public void A_missing_segment_is_damage_and_a_missing_beginning_is_seen_by_the_first_record()
    {
        Written(40, 5_000);
        FaultyDisk gap = _disk.Copy(1);
        gap.Lose(WalFormat.NameOf(2));
        _disk.Lose(WalFormat.NameOf(1));

        Assert.Equal(WalDamageKind.SegmentMissing, WalScript.Open(gap).Damage!.Kind);
        Assert.InRange(WalScript.Open(_disk).Log!.FirstRecord, 2UL, 100UL);
    }

    [Fact]
    public void One_damaged_header_of_a_segment_is_mended_and_two_are_damage()
    {
        WalScript script = Written(40, 5_000);
        _disk.Rot(WalFormat.NameOf(2), 20);

        WalOpening first = WalScript.Open(_disk, script.Synced);
        first.Log!.Dispose();
        _disk.Rot(WalFormat.NameOf(2), WalFormat.SectorSize + 20);
        WalOpening second = WalScript.Open(_disk, script.Synced);
        script.Check(second.Log!);
        second.Log!.Dispose();
        _disk.Rot(WalFormat.NameOf(2), 20);
        _disk.Rot(WalFormat.NameOf(2), WalFormat.SectorSize + 20);

        Assert.Equal(WalDamageKind.SegmentHead, WalScript.Open(_disk).Damage!.Kind);
    }

    [Fact]
    public void A_segment_of_another_log_is_damage()
    {
        WalScript script = Written(40, 5_000);
        FaultyDisk other = new(9);
        using (var log = WriteAheadLog.Create(other, WalScript.Options, new Simulation.SeededRandom(8)))
        {
            log.Append(1, "x"u8);
            log.Sync();
        }

        using (IDiskFile file = _disk.Open(WalFormat.NameOf(1)))
        {
            file.Write(0, other.BytesOf(WalFormat.NameOf(1)));
            file.Sync();
        }

        Assert.Equal(WalState.Damaged, WalScript.Open(_disk, script.Synced).State);
    }

    [Fact]
    public void A_log_that_went_another_way_than_the_one_vouched_for_is_damage()
    {
        WalScript script = Written(3, 300);
        WalPosition other = script.Synced with { Chain = Digest.Sha256("other"u8) };

        Assert.Equal(WalDamageKind.OtherChain, WalScript.Open(_disk, other).Damage!.Kind);
    }

    [Fact]
    public void What_looks_like_a_later_group_inside_a_torn_command_is_not_believed()
    {
        WalScript script = new(_disk);
        script.Run(3, 300);
        byte[] forged = new byte[4 * WalFormat.SectorSize];
        byte[] real = _disk.BytesOf(WalFormat.NameOf(1));
        for (int i = 1; i < 4; i++)
        {
            int at = (i * WalFormat.SectorSize) - GroupHeader.SizeBytes - WalFormat.RecordHeadSize;
            GroupHeader header = new(1, i, new WalPosition(100, 100, default), 1, 10, default);
            header.Seal(forged.AsSpan(at, GroupHeader.SizeBytes + 10), Digest.Sha256("guessed"u8));
        }

        script.Log!.Append(1, forged);
        _disk.CutAt = _disk.ChangeCount + 1;
        Assert.Throws<PowerCutException>(() => script.Log.Sync());
        byte[] torn = _disk.BytesOf(WalFormat.NameOf(1));
        _disk.Cut(3 * WalFormat.SectorSize);

        Assert.NotEqual(real, torn);
        Assert.Equal(WalState.TornTail, WalScript.Open(_disk, script.Synced).State);
    }

    [Fact]
    public void A_sector_that_cannot_be_read_is_damage_in_the_log_and_room_after_it_is_mended()
    {
        WalScript script = Written(6, 300);
        FaultyDisk used = _disk.Copy(1);
        used.Plan = Unreadable(WalFormat.SegmentHeadSize + WalFormat.SectorSize);

        WalOpening opening = WalScript.Open(used);

        Assert.Equal(WalState.Damaged, opening.State);
        Assert.True(WalScript.Open(_disk, script.Synced).IsOpen);
    }

    private WalScript Written(int groupCount, int payloadSize)
    {
        WalScript script = new(_disk);
        script.Run(groupCount, payloadSize);
        script.Log!.Dispose();
        _disk.Cut(0);
        return script;
    }

    private static Func<DiskOperation, string, DiskFault> Unreadable(int offset)
    {
        int reads = 0;
        return (operation, _) => operation == DiskOperation.Read && ++reads is 3 or 4 && offset > 0
            ? DiskFault.Error
            : DiskFault.None;
    }

    private static bool IsPadding(FaultyDisk disk, int offset) => IsPadding(disk, WalFormat.NameOf(1), offset);

    private static bool IsPadding(FaultyDisk disk, string name, int offset)
    {
        byte[] bytes = disk.BytesOf(name);
        SegmentHeader.TryRead(bytes, out SegmentHeader head);
        int start = offset / WalFormat.SectorSize * WalFormat.SectorSize;
        while (!GroupHeader.TryRead(bytes.AsSpan(start), head.LogId, out GroupHeader header)
            || header.Offset + header.ExtentBytes <= offset)
        {
            start -= WalFormat.SectorSize;
            if (start < WalFormat.SegmentHeadSize)
            {
                return true;
            }
        }

        GroupHeader.TryRead(bytes.AsSpan(start), head.LogId, out GroupHeader found);
        return offset >= start + GroupHeader.SizeBytes + found.BodySize;
    }
}
