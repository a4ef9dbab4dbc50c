using SigmaComms.Cluster.Control.Disks;
using SigmaComms.Cluster.Control.WriteAhead;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Tests.Control.WriteAhead;

/// <summary>What was synced and is damaged is never cut off, and comes back only as it was.</summary>
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
            Assert.True(opening.Damage.CanRepair);
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
        Assert.True(vouched.Damage!.CanRepair);
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
    public void A_missing_segment_is_damage_and_so_is_a_missing_beginning()
    {
        WalScript script = Written(40, 5_000);
        FaultyDisk gap = _disk.Copy(1);
        gap.Lose(WalFormat.NameOf(2));
        _disk.Lose(WalFormat.NameOf(1));

        Assert.Equal(WalDamageKind.SegmentMissing, WalScript.Open(gap).Damage!.Kind);
        Assert.Equal(WalDamageKind.BeginningMissing, WalScript.Open(_disk, needed: 1).Damage!.Kind);
        Assert.True(WalScript.Open(_disk, needed: (ulong)script.Appended.Count).IsOpen);
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

    [Fact]
    public void Repair_takes_exactly_the_records_that_were_there()
    {
        WalScript script = Written(6, 300);
        int group = WalFormat.SegmentHeadSize + (2 * WalFormat.SectorSize);
        _disk.Rot(WalFormat.NameOf(1), group + GroupHeader.SizeBytes + 400);
        WalDamage damage = WalScript.Open(_disk).Damage!;
        LogRecord right = Appended(script, damage.Missing.Single().Number);
        LogRecord wrong = right with { Payload = new byte[300] };

        int before = _disk.ChangeCount;
        bool isWrongTaken = WalRepair.TryRepair(_disk, damage, [wrong]);
        bool isNothingTaken = WalRepair.TryRepair(_disk, damage, []);
        int after = _disk.ChangeCount;
        bool isRightTaken = WalRepair.TryRepair(_disk, damage, [right]);

        Assert.Equal(3, damage.Intact.Count + damage.Missing.Count);
        Assert.Equal(right.Type, damage.Missing[0].Type);
        Assert.False(isWrongTaken);
        Assert.False(isNothingTaken);
        Assert.Equal(before, after);
        Assert.True(isRightTaken);
        script.Check(WalScript.Open(_disk, script.Synced).Log!);
    }

    [Fact]
    public void Repair_mends_every_place_of_every_group_from_the_records()
    {
        WalScript script = Written(12, 5_000);
        int[] offsets = [0, 50, 111, 115, 130, 5_200];

        foreach ((string name, int start) in GroupStarts())
        {
            foreach (int offset in offsets)
            {
                FaultyDisk disk = _disk.Copy(1);
                if (IsPadding(disk, name, start + offset))
                {
                    continue;
                }

                disk.Rot(name, start + offset);
                WalDamage damage = WalScript.Open(disk, script.Synced).Damage!;

                bool isDone = WalRepair.TryRepair(
                    disk, damage, [.. damage.Missing.Select(missing => Appended(script, missing.Number))]);

                Assert.True(isDone, $"{name} {start} {offset}: {damage}");
                script.Check(WalScript.Open(disk, script.Synced).Log!);
            }
        }
    }

    [Fact]
    public void Repair_mends_neighbouring_groups_whose_headers_are_left_and_refuses_where_they_are_not()
    {
        WalScript script = Written(8, 300);
        string name = WalFormat.NameOf(1);
        int group = WalFormat.SegmentHeadSize + (3 * WalFormat.SectorSize);
        _disk.Rot(name, group + 300);
        _disk.Rot(name, group + WalFormat.SectorSize + 300);
        FaultyDisk worse = _disk.Copy(1);
        worse.Rot(name, group + 20);
        worse.Rot(name, group + WalFormat.SectorSize + 20);
        WalDamage damage = WalScript.Open(_disk).Damage!;
        WalDamage bad = WalScript.Open(worse).Damage!;

        bool isDone = WalRepair.TryRepair(
            _disk, damage, [.. damage.Missing.Select(missing => Appended(script, missing.Number))]);

        Assert.True(isDone);
        script.Check(WalScript.Open(_disk, script.Synced).Log!);
        Assert.False(bad.CanRepair);
        Assert.False(WalRepair.TryRepair(worse, bad, []));
    }

    private WalScript Written(int groupCount, int payloadSize)
    {
        WalScript script = new(_disk);
        script.Run(groupCount, payloadSize);
        script.Log!.Dispose();
        _disk.Cut(0);
        return script;
    }

    private static LogRecord Appended(WalScript script, ulong number)
    {
        (byte type, byte[] payload) = script.Appended[(int)number - 1];
        return new LogRecord(number, type, payload);
    }

    private static Func<DiskOperation, string, DiskFault> Unreadable(int offset)
    {
        int reads = 0;
        return (operation, _) => operation == DiskOperation.Read && ++reads is 3 or 4 && offset > 0
            ? DiskFault.Error
            : DiskFault.None;
    }

    private List<(string Name, int Offset)> GroupStarts()
    {
        List<(string, int)> starts = [];
        foreach (string name in _disk.ListNames().Where(name => WalFormat.TryParseName(name, out _)))
        {
            byte[] bytes = _disk.BytesOf(name);
            SegmentHeader.TryRead(bytes, out SegmentHeader head);
            for (int at = WalFormat.SegmentHeadSize; at < bytes.Length; at += WalFormat.SectorSize)
            {
                if (GroupHeader.TryRead(bytes.AsSpan(at), head.LogId, out _))
                {
                    starts.Add((name, at));
                }
            }
        }

        return starts;
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
