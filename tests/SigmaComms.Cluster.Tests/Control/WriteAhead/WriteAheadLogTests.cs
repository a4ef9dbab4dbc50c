using SigmaComms.Cluster.Control.WriteAhead;
using SigmaComms.Cluster.Disks;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Cluster.Tests.Simulation;

namespace SigmaComms.Cluster.Tests.Control.WriteAhead;

public sealed class WriteAheadLogTests
{
    private readonly FaultyDisk _disk = new(1);

    [Fact]
    public void What_was_synced_is_read_in_order_after_a_restart()
    {
        WalScript script = new(_disk);
        script.Run(40, 0, 100, 5_000, 1);
        script.Log!.Dispose();

        WalOpening opening = WalScript.Open(_disk, script.Synced);

        Assert.Equal(WalState.Clean, opening.State);
        Assert.True(opening.Log!.SegmentCount > 2);
        script.Check(opening.Log);
    }

    [Fact]
    public void What_was_not_synced_is_not_there()
    {
        WalScript script = new(_disk);
        script.Run(2, 10);
        script.Log!.Append(1, new byte[10]);
        script.Log.Dispose();

        WalOpening opening = WalScript.Open(_disk);

        Assert.Equal(script.Acknowledged, WalScript.Read(opening.Log!).Count);
    }

    [Fact]
    public void Numbers_go_on_after_a_restart()
    {
        WalScript script = new(_disk);
        script.Run(3, 10);
        script.Log!.Dispose();
        using WriteAheadLog log = WalScript.Open(_disk).Log!;

        ulong number = log.Append(9, "next"u8);
        log.Sync();

        Assert.Equal((ulong)script.Appended.Count + 1, number);
        Assert.Equal(number, WalScript.Read(log)[^1].Number);
        Assert.Equal(script.Synced.Sequence + 1, log.Synced.Sequence);
    }

    [Fact]
    public void Replay_begins_where_it_is_told()
    {
        WalScript script = new(_disk);
        script.Run(30, 5_000);

        List<LogRecord> found = WalScript.Read(script.Log!, 20);

        Assert.Equal(20UL, found[0].Number);
        Assert.Equal(script.Appended.Count - 19, found.Count);
    }

    [Fact]
    public void The_largest_record_fits_and_a_larger_one_is_refused()
    {
        WalScript script = new(_disk);
        script.Create();
        int sizeMax = script.Log!.PayloadSizeMax;

        script.Group(sizeMax, 1);

        Assert.Throws<ArgumentException>(() => script.Log.Append(1, new byte[sizeMax + 1]));
        script.Check(script.Log);
    }

    [Fact]
    public void A_turn_that_is_larger_than_a_group_is_synced_in_parts()
    {
        WalScript script = new(_disk);
        script.Create();

        script.Group(20_000, 12);

        Assert.True(script.Log!.Synced.Sequence > 3);
        script.Check(script.Log);
    }

    [Fact]
    public void Segments_before_a_record_are_deleted_and_numbering_stays()
    {
        WalScript script = new(_disk);
        script.Run(40, 5_000);
        ulong needed = (ulong)script.Appended.Count - 5;
        int before = script.Log!.SegmentCount;

        int deleted = script.Log.DeleteBefore(needed);
        script.Log.Dispose();
        using WriteAheadLog log = WalScript.Open(_disk, script.Synced).Log!;

        Assert.InRange(deleted, 1, before - 1);
        Assert.Equal(before - deleted, log.SegmentCount);
        Assert.InRange(log.FirstRecord, 2UL, needed);
        Assert.Equal(script.Appended[^1].Payload, WalScript.Read(log, needed)[^1].Payload.ToArray());
    }

    [Fact]
    public void Deleting_everything_keeps_the_last_segment()
    {
        WalScript script = new(_disk);
        script.Run(20, 5_000);

        script.Log!.DeleteBefore(ulong.MaxValue);

        Assert.Equal(1, script.Log.SegmentCount);
        script.Group(10, 1);
    }

    [Fact]
    public void A_second_process_is_kept_out()
    {
        WalScript script = new(_disk);
        script.Create();

        Assert.Throws<IOException>(() => WalScript.Open(_disk));
        script.Log!.Dispose();
        script.Log.Dispose();

        Assert.True(WalScript.Open(_disk).IsOpen);
    }

    [Fact]
    public void A_log_is_not_made_where_one_is_and_not_opened_where_none_is()
    {
        FaultyDisk empty = new(1);
        WalScript script = new(_disk);
        script.Create();
        script.Log!.Dispose();

        Assert.Throws<IOException>(script.Create);
        Assert.Equal(WalState.Missing, WalScript.Open(empty).State);
        Assert.Equal(WalState.Missing, WalScript.Open(empty).State);
    }

    [Theory]
    [InlineData(DiskOperation.Write, DiskFault.Error)]
    [InlineData(DiskOperation.Write, DiskFault.NoSpace)]
    [InlineData(DiskOperation.Sync, DiskFault.Error)]
    internal void After_a_failure_of_the_disk_nothing_more_is_written(DiskOperation operation, DiskFault fault)
    {
        WalScript script = new(_disk);
        script.Run(3, 10);
        _disk.Plan = (met, _) => met == operation ? fault : DiskFault.None;
        script.Log!.Append(1, "a"u8);
        Assert.ThrowsAny<IOException>(() => script.Log.Sync());
        _disk.Plan = null;
        int changes = _disk.ChangeCount;

        Assert.Throws<IOException>(() => script.Log.Append(1, "b"u8));
        Assert.Throws<IOException>(() => script.Log.Sync());
        Assert.Throws<IOException>(() => script.Log.DeleteBefore(5));

        Assert.Equal(changes, _disk.ChangeCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_opening_found_in_the_page_cache_is_made_durable_before_anybody_relies_on_it(bool isSyncFailed)
    {
        WalScript script = new(_disk);
        script.Run(3, 10);
        script.Log!.Append(1, "unsynced"u8);
        _disk.Plan = (operation, _) => operation != DiskOperation.Sync ? DiskFault.None
            : isSyncFailed ? DiskFault.Error : DiskFault.PowerCut;
        Assert.ThrowsAny<Exception>(() => script.Log.Sync());
        _disk.Plan = null;
        _disk.Kill();
        WalOpening opening = WalScript.Open(_disk, script.Synced);
        int found = WalScript.Read(opening.Log!).Count;

        _disk.Cut(0);

        Assert.Equal(script.Acknowledged + 1, found);
        Assert.Equal(found, WalScript.Read(WalScript.Open(_disk, script.Synced).Log!).Count);
    }

    [Fact]
    public void A_failed_sync_of_the_file_alongside_breaks_the_log_too()
    {
        WalScript script = new(_disk);
        script.Run(1, 10);
        IDiskFile other = _disk.Create("other", 10);
        _disk.Plan = (operation, name) =>
            operation == DiskOperation.Sync && name == "other" ? DiskFault.Error : DiskFault.None;
        script.Log!.Append(1, "a"u8);

        Assert.Throws<IOException>(() => script.Log.Sync(other));

        Assert.Throws<IOException>(() => script.Log.Append(1, "b"u8));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(65_537, 4_096)]
    [InlineData(65_536, 4_097)]
    [InlineData(65_536, -4_096)]
    public void Options_out_of_range_are_refused(int segment, int ahead)
    {
        WalOptions options = new() { SegmentSizeBytes = segment, ZeroAheadBytes = ahead };

        Assert.Throws<ArgumentException>(() => WriteAheadLog.Create(_disk, options, new SeededRandom(1)));
    }

    [Fact]
    public void On_a_real_disk_a_log_of_full_size_is_written_and_read_again()
    {
        DirectoryInfo folder = System.IO.Directory.CreateTempSubdirectory("sigma-wal-");
        try
        {
            FolderDisk disk = new(folder.FullName);
            byte[] large = new byte[WalFormat.PayloadSizeMax];
            new Random(3).NextBytes(large);
            using (var log = WriteAheadLog.Create(disk, new WalOptions(), new SeededRandom(1)))
            {
                log.Append(1, large);
                log.Append(2, "small"u8);
                log.Sync();
                Assert.Throws<IOException>(() => WriteAheadLog.Open(disk, new WalOptions(), null));
            }

            WalOpening opening = WriteAheadLog.Open(disk, new WalOptions(), null);
            List<LogRecord> found = WalScript.Read(opening.Log!);
            opening.Log!.Dispose();

            Assert.Equal(WalState.Clean, opening.State);
            Assert.Equal([1, 2], found.Select(record => record.Type));
            Assert.True(found[0].Payload.Span.SequenceEqual(large));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
