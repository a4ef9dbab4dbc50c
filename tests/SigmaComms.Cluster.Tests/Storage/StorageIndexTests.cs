using SigmaComms.Cluster.Storage;
using SigmaComms.Cluster.Storage.Volumes;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Persistence;
using SigmaComms.Persistence.Fragments;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Tests.Storage;

/// <summary>What the store asks of its index, and how the index comes back when it is lost.</summary>
public sealed class StorageIndexTests
{
    private const string First = "volume-00001";

    private readonly FaultyDisk _disk = new(1);
    private readonly InMemoryFragmentIndex _index = new();
    private readonly (FragmentLabel Label, byte[] Bytes) _a = SimStorage.Fragment(9_024, 1);
    private readonly (FragmentLabel Label, byte[] Bytes) _b = SimStorage.Fragment(64, 2);

    [Fact]
    public async Task Rows_are_counted_when_the_store_is_opened_and_never_again_and_the_figures_stay_right()
    {
        CountingIndex counting = new(_index);
        await using SimStorage storage = new(_disk, counting);
        storage.Put(_a);
        storage.Put(_b);
        storage.Put(_b);
        Rot(_a);
        StoreStatus corrupt = storage.Get(_a);
        StorageFigures damaged = storage.Store.Figures;
        storage.Put(_a);
        storage.Delete(_b);
        storage.System.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(StoreStatus.Corrupt, corrupt);
        Assert.Equal((1, 1), (damaged.Fragments, damaged.Quarantined));
        Assert.Equal((1, 1), (counting.Counts, counting.Listings));
        AssertFigures(storage);
        Assert.Empty(_index.Unerased());
    }

    [Fact]
    public async Task What_was_lost_counts_as_there_again_once_it_is_put_again()
    {
        (FragmentLabel Label, byte[] Bytes) large = SimStorage.Fragment(200_000, 3);
        (FragmentLabel Label, byte[] Bytes) other = SimStorage.Fragment(200_000, 4);
        await using (SimStorage storage = new(_disk, _index))
        {
            Assert.Equal([StoreStatus.Done, StoreStatus.Done], [storage.Put(large), storage.Put(other)]);
        }

        _disk.Kill();
        _disk.Lose(First);
        await using SimStorage without = new(_disk, _index);
        long lost = without.Store.Figures.Lost;
        StoreStatus put = without.Put(large);

        Assert.Equal((1, StoreStatus.Done), (lost, put));
        Assert.Equal((2, 0), (without.Store.Figures.Fragments, without.Store.Figures.Lost));
        AssertFigures(without);
    }

    [Fact]
    public void An_index_that_was_lost_is_made_anew_with_one_transaction_for_thousands_of_fragments_and_goes_on()
    {
        const int count = (2 * VolumeScan.BatchMax) + 500;
        using MlDsa65SigningKey signer = new(new byte[32]);
        using VolumeKey key = VolumeKey.Of(signer);
        HashSet<FragmentId> ids = Fill(key, count);
        using VolumeFile file = VolumeFile.Open(_disk, 1, key, SystemRandom.Instance)!;
        CountingIndex dying = new(_index)
        {
            BeforeTransaction = number =>
            {
                if (number == 1)
                {
                    throw new JournalException(JournalFailure.DiskFull, "no room");
                }
            },
        };
        CountingIndex goingOn = new(_index);

        Assert.Throws<JournalException>(() => new VolumeScan(file, dying).Run(VolumeLayout.BlockSize));
        long after = _index.Totals().Live;
        long? from = _index.Volumes().Single().ScanAt;
        VolumeScan scan = new(file, goingOn);
        scan.Run(from!.Value);

        Assert.InRange(after, VolumeScan.BatchMax, VolumeScan.BatchMax + 256);
        Assert.Equal(2, goingOn.Transactions);
        Assert.Equal(count - after, scan.Entered);
        Assert.Equal(0, scan.Damaged);
        Assert.Null(_index.Volumes().Single().ScanAt);
        Assert.Equal(ids.Order(), _index.Page(null, count + 1).Select(row => new FragmentId(row.Id)));
    }

    [Fact]
    public async Task A_store_that_died_while_its_index_was_made_anew_opens_with_all_of_it()
    {
        await using (SimStorage storage = new(_disk, _index))
        {
            storage.Put(_a);
            storage.Put(_b);
        }

        _disk.Kill();
        IndexedVolume known = _index.Volumes().Single();
        FragmentRow first = new[] { _a, _b }.Select(put => _index.Find(put.Label.Id.Value)!)
            .MinBy(row => row.Place.Offset)!;
        InMemoryFragmentIndex half = new();
        half.Adopt([first], known with { IsFilled = false, ScanAt = first.Place.Offset + first.Place.SizeBytes });

        await using SimStorage reopened = new(_disk, half);

        Assert.Equal([StoreStatus.Done, StoreStatus.Done], [reopened.Get(_a), reopened.Get(_b)]);
        Assert.Null(half.Volumes().Single().ScanAt);
    }

    /// <summary>A file that is restored over another: the store opens, now and the next time.</summary>
    [Fact]
    public async Task A_volume_in_the_place_of_another_brings_its_own_and_the_other_ones_stay_lost()
    {
        FaultyDisk foreign = new(2);
        InMemoryFragmentIndex foreignIndex = new();
        (FragmentLabel Label, byte[] Bytes) theirs = SimStorage.Fragment(30_016, 5);
        await using (SimStorage storage = new(foreign, foreignIndex))
        {
            storage.Put(theirs);
        }

        await using (SimStorage storage = new(_disk, _index))
        {
            storage.Put(_a);
            storage.Put(_b);
            Rot(_b);
            storage.Get(_b);
        }

        foreign.Kill();
        for (int opening = 0; opening < 3; opening++)
        {
            await using SimStorage storage = new(foreign, _index);

            Assert.Equal(StoreStatus.Done, storage.Get(theirs));
            Assert.Equal([StoreStatus.NotFound, StoreStatus.NotFound], [storage.Get(_a), storage.Get(_b)]);
            Assert.Equal((StorageState.Open, 1, 2), (storage.Store.Figures.State, storage.Store.Figures.Fragments,
                storage.Store.Figures.Lost));
            foreign.Kill();
        }

        await using SimStorage last = new(foreign, _index);
        Assert.Equal([StoreStatus.Done, StoreStatus.Done], [last.Put(_a), last.Put(_b)]);
        AssertFigures(last);
    }

    /// <summary>A put that failed after its slot was written: its header must not come back with a new index.</summary>
    [Fact]
    public async Task The_slot_of_a_put_that_failed_is_erased_before_its_room_is_used_again()
    {
        bool isFull = false;
        DyingIndex full = new(_index, () =>
        {
            if (isFull)
            {
                throw new JournalException(JournalFailure.DiskFull, "no room");
            }
        });
        StoreStatus refused;
        await using (SimStorage storage = new(_disk, full))
        {
            storage.Put(_a);
            isFull = true;
            refused = storage.Put(_b);
            isFull = false;
            storage.System.Advance(TimeSpan.FromSeconds(31));
            Assert.Equal(
                storage.Desk.Figures.UsedBytes, _index.PlacesOf(1).Sum(place => (long)place.SizeBytes));
        }

        _disk.Kill();
        InMemoryFragmentIndex anew = new();
        await using SimStorage reopened = new(_disk, anew);

        Assert.Equal(StoreStatus.Full, refused);
        Assert.Equal([StoreStatus.Done, StoreStatus.NotFound], [reopened.Get(_a), reopened.Get(_b)]);
        Assert.Equal(1, anew.Totals().Live);
    }

    private HashSet<FragmentId> Fill(VolumeKey key, int count)
    {
        HashSet<FragmentId> ids = [];
        using VolumeFile file = VolumeFile.Create(
            _disk, 1, (2 + count) * (long)VolumeLayout.BlockSize, key, SystemRandom.Instance);
        for (int i = 0; i < count; i++)
        {
            (FragmentLabel label, byte[] bytes) = SimStorage.Fragment(64, i);
            SigmaComms.Cluster.Storage.Workers.PendingPut put =
                SigmaComms.Cluster.Storage.Workers.PendingPut.Of(label, bytes)!;
            put.Place = new FragmentPlace(1, (1 + i) * (long)VolumeLayout.BlockSize, put.SizeBytes);
            put.Sequence = i + 1;
            put.Write(file);
            ids.Add(label.Id);
        }

        file.Sync();
        return ids;
    }

    private void Rot((FragmentLabel Label, byte[] Bytes) fragment)
    {
        FragmentRow row = _index.Find(fragment.Label.Id.Value)!;
        _disk.Rot(First, row.Place.Offset + VolumeLayout.ContentOffset(row.Label.Length));
    }

    private void AssertFigures(SimStorage storage)
    {
        FragmentTotals totals = _index.Totals();
        StorageFigures figures = storage.Store.Figures;
        Assert.Equal(
            (totals.Live, totals.Quarantined, totals.Lost), (figures.Fragments, figures.Quarantined, figures.Lost));
    }
}
