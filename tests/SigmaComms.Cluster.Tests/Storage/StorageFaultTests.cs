using SigmaComms.Actors.Breakers;
using SigmaComms.Actors.Health;
using SigmaComms.Cluster.Storage;
using SigmaComms.Cluster.Storage.Volumes;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Persistence;
using SigmaComms.Persistence.Fragments;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Tests.Storage;

public sealed class StorageFaultTests
{
    private const string First = "volume-00001";

    private readonly FaultyDisk _disk = new(1);
    private readonly InMemoryFragmentIndex _index = new();
    private readonly (FragmentLabel Label, byte[] Bytes) _a = SimStorage.Fragment(9_024, 1);
    private readonly (FragmentLabel Label, byte[] Bytes) _b = SimStorage.Fragment(64, 2);

    [Fact]
    public async Task A_full_disk_refuses_and_is_tried_again_later()
    {
        await using SimStorage storage = new(_disk, _index);
        _disk.Plan = (operation, _) => operation == DiskOperation.Create ? DiskFault.NoSpace : DiskFault.None;

        StoreStatus full = storage.Put(_a);
        _disk.Plan = null;
        storage.System.Advance(TimeSpan.FromSeconds(31));
        StoreStatus done = storage.Put(_a);

        Assert.Equal([StoreStatus.Full, StoreStatus.Done], [full, done]);
    }

    [Fact]
    public async Task A_volume_without_room_for_a_write_takes_nothing_for_a_while_and_still_gives()
    {
        await using SimStorage storage = new(_disk, _index, options => options.CapacityBytes = options.VolumeBytes);
        storage.Put(_a);
        _disk.Plan = (operation, _) => operation == DiskOperation.Write ? DiskFault.NoSpace : DiskFault.None;

        StoreStatus full = storage.Put(_b);
        _disk.Plan = null;
        StoreStatus still = storage.Put(_b);
        StoreStatus got = storage.Get(_a);
        storage.System.Advance(TimeSpan.FromSeconds(31));
        StoreStatus done = storage.Put(_b);

        Assert.Equal(
            [StoreStatus.Full, StoreStatus.Full, StoreStatus.Done, StoreStatus.Done], [full, still, got, done]);
        Assert.Equal(0, Failures(storage));
    }

    [Fact]
    public async Task Capacity_that_is_used_up_is_full_until_something_is_dropped()
    {
        await using SimStorage storage = new(_disk, _index, options => options.CapacityBytes = options.VolumeBytes);
        List<(FragmentLabel Label, byte[] Bytes)> puts = [];
        StoreStatus status = StoreStatus.Done;
        for (int i = 10; status == StoreStatus.Done; i++)
        {
            puts.Add(SimStorage.Fragment(20_032, i));
            status = storage.Put(puts[^1]);
        }

        storage.Delete(puts[0]);
        storage.System.RunUntilIdle();
        StoreStatus again = storage.Put(puts[^1]);

        Assert.Equal([StoreStatus.Full, StoreStatus.Done], [status, again]);
        Assert.InRange(puts.Count, 10, 13);
        Assert.Equal(StoreStatus.NotFound, storage.Get(puts[0]));
        Assert.All(puts.Skip(1), put => Assert.Equal(StoreStatus.Done, storage.Get(put)));
    }

    [Theory]
    [InlineData(DiskOperation.Write)]
    [InlineData(DiskOperation.Sync)]
    internal async Task A_failed_write_or_sync_is_not_acknowledged_and_the_worker_opens_the_file_anew(
        DiskOperation failing)
    {
        await using SimStorage storage = new(_disk, _index);
        storage.Put(_a);
        _disk.Plan = (operation, _) => operation == failing ? DiskFault.Error : DiskFault.None;

        StoreStatus failed = storage.Put(_b);
        _disk.Plan = null;
        StoreStatus got = storage.Get(_b);
        storage.System.Advance(TimeSpan.FromSeconds(1));
        StoreStatus again = storage.Put(_b);
        _disk.Cut();
        await using SimStorage reopened = new(_disk, _index);

        Assert.Equal(
            [StoreStatus.Unreachable, StoreStatus.NotFound, StoreStatus.Done], [failed, got, again]);
        Assert.Equal([StoreStatus.Done, StoreStatus.Done], [reopened.Get(_a), reopened.Get(_b)]);
    }

    [Fact]
    public async Task Five_failures_open_the_breaker_and_one_trial_after_thirty_seconds_closes_it()
    {
        await using SimStorage storage = new(_disk, _index, options => options.CapacityBytes = options.VolumeBytes);
        storage.Put(_a);
        _disk.Plan = (operation, _) => operation == DiskOperation.Sync ? DiskFault.Error : DiskFault.None;
        for (int i = 0; i < FailureCount.FailuresMax; i++)
        {
            storage.Put(_b);
            storage.System.Advance(TimeSpan.FromSeconds(4));
        }

        BreakerState open = BreakerOf(storage).State;
        StoreStatus put = storage.Put(_b);
        StoreStatus got = storage.Get(_a);
        _disk.Plan = null;
        storage.System.Advance(TimeSpan.FromSeconds(31));
        StoreStatus trial = storage.Get(_a);

        Assert.Equal(BreakerState.Open, open);
        Assert.Equal(
            [StoreStatus.Unreachable, StoreStatus.Unreachable, StoreStatus.Done], [put, got, trial]);
        Assert.Equal(BreakerState.Closed, BreakerOf(storage).State);
        Assert.Equal(StoreStatus.Done, storage.Put(_b));
    }

    [Fact]
    public async Task A_slot_that_alone_cannot_be_read_is_quarantined_and_the_volume_goes_on()
    {
        await using SimStorage storage = new(_disk, _index);
        storage.Put(_a);
        storage.Put(_b);
        bool isFirst = true;
        _disk.Plan = (operation, _) =>
        {
            bool fails = operation == DiskOperation.Read && isFirst;
            isFirst &= !fails;
            return fails ? DiskFault.Error : DiskFault.None;
        };

        StoreStatus corrupt = storage.Get(_a);
        StoreStatus still = storage.Get(_a);

        Assert.Equal([StoreStatus.Corrupt, StoreStatus.Corrupt], [corrupt, still]);
        Assert.Equal(StoreStatus.Done, storage.Get(_b));
        Assert.Equal((1, 0), (storage.Store.Figures.Quarantined, Failures(storage)));
    }

    [Fact]
    public async Task A_volume_that_cannot_be_read_at_all_is_unreachable_and_nothing_is_quarantined()
    {
        await using SimStorage storage = new(_disk, _index);
        storage.Put(_a);
        _disk.Plan = (operation, _) => operation == DiskOperation.Read ? DiskFault.Error : DiskFault.None;

        StoreStatus failed = storage.Get(_a);
        _disk.Plan = null;
        storage.System.Advance(TimeSpan.FromSeconds(31));
        StoreStatus got = storage.Get(_a);

        Assert.Equal([StoreStatus.Unreachable, StoreStatus.Done], [failed, got]);
        Assert.Equal(0, storage.Store.Figures.Quarantined);
    }

    [Fact]
    public async Task What_is_quarantined_is_replaced_by_putting_it_again()
    {
        await using SimStorage storage = new(_disk, _index);
        storage.Put(_a);
        FragmentPlace place = _index.Find(_a.Label.Id.Value)!.Place;
        _disk.Rot(First, place.Offset + 5_000);

        StoreStatus corrupt = storage.Get(_a);
        StoreStatus put = storage.Put(_a);
        StoreStatus got = storage.Get(_a);
        storage.System.RunUntilIdle();

        Assert.Equal([StoreStatus.Corrupt, StoreStatus.Done, StoreStatus.Done], [corrupt, put, got]);
        Assert.Equal((1, 0), (storage.Store.Figures.Fragments, storage.Store.Figures.Quarantined));
        Assert.Empty(_index.Unerased());
    }

    [Fact]
    public async Task A_volume_that_is_lost_takes_only_its_own_fragments_along_and_can_come_back()
    {
        (FragmentLabel Label, byte[] Bytes) large = SimStorage.Fragment(200_000, 3);
        (FragmentLabel Label, byte[] Bytes) other = SimStorage.Fragment(200_000, 4);
        await using (SimStorage storage = new(_disk, _index))
        {
            Assert.Equal([StoreStatus.Done, StoreStatus.Done], [storage.Put(large), storage.Put(other)]);
        }

        _disk.Kill();
        FaultyDisk whole = _disk.Copy(2);
        _disk.Lose(First);
        await using (SimStorage without = new(_disk, _index))
        {
            Assert.Equal(
                [StoreStatus.NotFound, StoreStatus.Done], [without.Get(large), without.Get(other)]);
            Assert.Equal(1, without.Store.Figures.Lost);
            (StoreStatus _, IReadOnlyList<StoredFragment> page) = without.System.Await(
                without.Store.ListAsync(null, 10, CancellationToken.None).AsTask());
            Assert.Contains(page, stored => stored.Label.Id == large.Label.Id && stored.State == FragmentState.Lost);
        }

        await using SimStorage back = new(whole, _index);
        Assert.Equal([StoreStatus.Done, StoreStatus.Done], [back.Get(large), back.Get(other)]);
    }

    [Fact]
    public async Task A_folder_that_another_process_has_is_told_and_tried_again()
    {
        IDisposable foreign = _disk.Lock("storage.lock");
        await using SimStorage storage = new(_disk, _index);

        StoreStatus refused = storage.Put(_a);
        StorageState failing = storage.Store.Figures.State;
        foreign.Dispose();
        storage.System.Advance(TimeSpan.FromSeconds(31));
        StoreStatus done = storage.Put(_a);

        Assert.Equal(StorageState.Failing, failing);
        Assert.Equal([StoreStatus.Unreachable, StoreStatus.Done], [refused, done]);
    }

    [Fact]
    public async Task A_folder_that_may_not_be_written_is_told_and_tried_again()
    {
        bool isReadOnly = true;
        await using SimStorage storage = new(_disk, _index, openDisk: () => isReadOnly
            ? throw new UnauthorizedAccessException("The file system is read-only.")
            : _disk);

        StoreStatus refused = storage.Put(_a);
        StorageFigures failing = storage.Store.Figures;
        isReadOnly = false;
        storage.System.Advance(TimeSpan.FromSeconds(31));
        StoreStatus done = storage.Put(_a);

        Assert.Equal(
            (StorageState.Failing, "The file system is read-only."), (failing.State, failing.Detail));
        Assert.Equal([StoreStatus.Unreachable, StoreStatus.Done], [refused, done]);
    }

    [Fact]
    public async Task An_index_that_turns_out_damaged_makes_the_store_begin_anew()
    {
        bool isDamaged = false;
        DyingIndex damaged = new(_index, () =>
        {
            if (isDamaged)
            {
                isDamaged = false;
                throw new JournalException(JournalFailure.Corrupt, "a page is not what it was");
            }
        });
        await using SimStorage storage = new(_disk, damaged);
        storage.Put(_a);
        isDamaged = true;

        StoreStatus refused = storage.Put(_b);
        storage.System.Advance(TimeSpan.FromSeconds(10));
        StoreStatus done = storage.Put(_b);

        Assert.Equal([StoreStatus.Unreachable, StoreStatus.Done], [refused, done]);
        Assert.Equal(StoreStatus.Done, storage.Get(_a));
        Assert.False(storage.Desk.IndexIsDamaged);
    }

    [Fact]
    public async Task Every_flipped_bit_of_a_header_is_noticed_and_mended_and_the_bytes_stay_right()
    {
        await using SimStorage storage = new(_disk, _index);
        storage.Put(_a);
        FragmentRow row = _index.Find(_a.Label.Id.Value)!;
        int headerBytes = VolumeLayout.HeadSize + VolumeLayout.NonceSize + row.Label.Length + VolumeLayout.TagSize;

        for (int bit = 0; bit < headerBytes * 8; bit++)
        {
            _disk.Rot(First, row.Place.Offset + (bit / 8), (byte)(1 << (bit % 8)));
            byte[] damaged = Slot(row.Place)[..headerBytes];

            Assert.Equal(StoreStatus.Done, storage.Verify(_a));
            storage.System.RunUntilIdle();

            Assert.NotEqual(damaged, Slot(row.Place)[..headerBytes]);
        }

        Assert.Equal(StoreStatus.Done, storage.Get(_a));
        await using SimStorage rebuilt = new(Killed(), new InMemoryFragmentIndex());
        Assert.Equal(StoreStatus.Done, rebuilt.Get(_a));
    }

    [Fact]
    public async Task A_flipped_bit_of_the_content_anywhere_gives_no_wrong_bytes()
    {
        await using SimStorage storage = new(_disk, _index);
        storage.Put(_a);
        int contentAt = VolumeLayout.ContentOffset(_index.Find(_a.Label.Id.Value)!.Label.Length);

        for (int bit = 0; bit < _a.Bytes.Length * 8; bit += 331)
        {
            FragmentPlace place = _index.Find(_a.Label.Id.Value)!.Place;
            _disk.Rot(First, place.Offset + contentAt + (bit / 8), (byte)(1 << (bit % 8)));

            Assert.Equal(StoreStatus.Corrupt, storage.Get(_a));
            Assert.Equal(StoreStatus.Done, storage.Put(_a));
            storage.System.RunUntilIdle();
            Assert.Equal(StoreStatus.Done, storage.Get(_a));
        }
    }

    [Fact]
    public async Task A_hundred_writers_share_syncs()
    {
        int syncs = 0;
        await using SimStorage storage = new(
            _disk, _index, options => options.CapacityBytes = options.VolumeBytes = 1 << 20);
        storage.Put(_a);
        _disk.Plan = (operation, _) =>
        {
            syncs += operation == DiskOperation.Sync ? 1 : 0;
            return DiskFault.None;
        };
        Task<StoreStatus>[] puts =
        [
            .. Enumerable.Range(100, 100).Select(i => SimStorage.Fragment(512, i)).Select(
                fragment => storage.Store.PutAsync(fragment.Label, fragment.Bytes, CancellationToken.None).AsTask()),
        ];

        StoreStatus[] answers = storage.System.Await(Task.WhenAll(puts));

        Assert.All(answers, answer => Assert.Equal(StoreStatus.Done, answer));
        Assert.InRange(syncs, 1, 25);
    }

    private FaultyDisk Killed()
    {
        _disk.Kill();
        return _disk;
    }

    private byte[] Slot(FragmentPlace place) =>
        _disk.BytesOf(First).AsSpan((int)place.Offset, place.SizeBytes).ToArray();

    private static BreakerSnapshot BreakerOf(SimStorage storage) => Worker(storage).Breakers.Single();

    private static long Failures(SimStorage storage) => Worker(storage).FailuresInWindow;

    private static ActorSnapshot Worker(SimStorage storage) =>
        storage.System.System.Tree().All
            .Single(actor => actor.Path.ToString().Contains(First, StringComparison.Ordinal));
}
