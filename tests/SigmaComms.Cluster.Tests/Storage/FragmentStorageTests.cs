using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Tests.Scatter;

namespace SigmaComms.Cluster.Tests.Storage;

public sealed class FragmentStorageTests : FragmentStoreConformance, IAsyncDisposable
{
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("sigma-storage-");
    private readonly List<RealStorage> _opened = [];

    public async ValueTask DisposeAsync()
    {
        foreach (RealStorage storage in _opened)
        {
            await storage.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Nothing_is_written_before_the_first_fragment_comes()
    {
        string folder = Path.Combine(_folder.FullName, "empty");
        await using RealStorage storage = new(folder, RealStorage.Small());
        (FragmentLabel label, byte[] bytes) = Fragment(128);

        StoreStatus got = await storage.Store.GetAsync(label.Id, 0, new byte[128], CancellationToken.None);
        StoreStatus deleted = await storage.Store.DeleteAsync(label.Id, CancellationToken.None);
        bool isThereBefore = System.IO.Directory.Exists(folder);
        StoreStatus put = await storage.Store.PutAsync(label, bytes, CancellationToken.None);

        Assert.Equal(
            [StoreStatus.NotFound, StoreStatus.NotFound, StoreStatus.Done], [got, deleted, put]);
        Assert.False(isThereBefore);
        Assert.True(System.IO.Directory.Exists(folder));
    }

    [Fact]
    public async Task Fragments_of_every_length_are_there_after_a_restart()
    {
        string folder = Path.Combine(_folder.FullName, "again");
        List<(FragmentLabel Label, byte[] Bytes)> fragments =
            [.. new[] { 64, 4_032, 4_096, 4_160, 262_144, 1 << 20, 8 << 20 }.Select(Fragment)];
        await using (RealStorage storage = new(folder, RealStorage.Small()))
        {
            foreach ((FragmentLabel label, byte[] bytes) in fragments)
            {
                Assert.Equal(StoreStatus.Done, await storage.Store.PutAsync(label, bytes, CancellationToken.None));
            }
        }

        await using RealStorage reopened = new(folder, RealStorage.Small());
        await RealStorage.UntilAsync(() => reopened.Store.Figures.Fragments == fragments.Count);
        foreach ((FragmentLabel label, byte[] bytes) in fragments)
        {
            byte[] got = new byte[bytes.Length];
            Assert.Equal(StoreStatus.Done, await reopened.Store.GetAsync(label.Id, 0, got, CancellationToken.None));
            Assert.Equal(bytes, got);
        }
    }

    protected override IFragmentStore NewStore()
    {
        RealStorage storage = new(Path.Combine(_folder.FullName, $"{_opened.Count}"), RealStorage.Small());
        _opened.Add(storage);
        return storage.Store;
    }
}
