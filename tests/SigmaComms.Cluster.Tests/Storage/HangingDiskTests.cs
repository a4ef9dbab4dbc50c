using SigmaComms.Cluster.Disks;
using SigmaComms.Cluster.Storage;
using SigmaComms.Persistence.Fragments;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Tests.Storage;

/// <summary>A disk that hangs, with the threads that a simulation does not have.</summary>
public sealed class HangingDiskTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("sigma-hanging-");
    private readonly HangingDisk _disk;
    private readonly RealStorage _storage;

    public HangingDiskTests()
    {
        _disk = new HangingDisk(new FolderDisk(_folder.FullName));
        StorageOptions options = RealStorage.Small(volumes: 1);
        options.DiskTimeout = TimeSpan.FromSeconds(1);
        _storage = new RealStorage(
            _folder.FullName, options, StorageBoundaries.Of(_folder.FullName) with { OpenDisk = () => _disk });
    }

    public async ValueTask DisposeAsync()
    {
        _disk.GoOn();
        await _storage.DisposeAsync();
        _disk.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_write_that_was_given_up_never_lands_in_the_room_of_another_fragment()
    {
        (FragmentLabel Label, byte[] Bytes) before = SimStorage.Fragment(9_024, 1);
        (FragmentLabel Label, byte[] Bytes) hanging = SimStorage.Fragment(40_000, 2);
        (FragmentLabel Label, byte[] Bytes)[] later =
            [.. Enumerable.Range(3, 4).Select(seed => SimStorage.Fragment(40_000, seed))];
        await PutAsync(before);
        _disk.HangAt(40_960);

        Task<StoreStatus> givenUp = _storage.Store
            .PutAsync(hanging.Label, hanging.Bytes, CancellationToken.None).AsTask();
        long offset = await _disk.Hung.WaitAsync(Patience);
        StoreStatus status = await givenUp.WaitAsync(Patience);
        foreach ((FragmentLabel, byte[]) fragment in later)
        {
            await PutAsync(fragment);
        }

        FragmentPlace[] places = [.. later.Select(each => PlaceOf(each.Label))];
        _disk.GoOn();
        await _disk.Ended.WaitAsync(Patience);

        Assert.Equal(StoreStatus.Unreachable, status);
        Assert.DoesNotContain(
            places, place => offset < place.Offset + place.SizeBytes && place.Offset < offset + 40_960);
        Assert.All(places, place => Assert.Equal(40_960, place.SizeBytes));
        await AssertThereAsync([before, .. later]);
        await PutAsync(hanging);
        await AssertThereAsync([before, hanging, .. later]);
    }

    private FragmentPlace PlaceOf(FragmentLabel label) => _storage.Desk.View.Index!.Find(label.Id.Value)!.Place;

    // On a machine that stands still any call may take too long, and is then made again.
    private async Task PutAsync((FragmentLabel Label, byte[] Bytes) fragment) => await DoneAsync(
        () => _storage.Store.PutAsync(fragment.Label, fragment.Bytes, CancellationToken.None));

    private async Task AssertThereAsync((FragmentLabel Label, byte[] Bytes)[] fragments)
    {
        foreach ((FragmentLabel label, byte[] bytes) in fragments)
        {
            byte[] got = new byte[bytes.Length];
            await DoneAsync(() => _storage.Store.GetAsync(label.Id, 0, got, CancellationToken.None));
            Assert.Equal(bytes, got);
        }
    }

    private static async Task DoneAsync(Func<ValueTask<StoreStatus>> callAsync)
    {
        StoreStatus status = await callAsync();
        for (int i = 0; i < 60 && status == StoreStatus.Unreachable; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            status = await callAsync();
        }

        Assert.Equal(StoreStatus.Done, status);
    }
}
