using SigmaComms.Cluster.Storage;
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
        await RealStorage.UntilAsync(() => storage.Store.Figures.FreeBytes == 64 << 20);

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
            [.. new[] { 64, 4_032, 4_096, 4_160, 262_144, 1 << 20, 8 << 20 }.Select(length => Fragment(length))];
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_index_that_is_lost_or_damaged_is_made_anew_from_the_volumes(bool isDamaged)
    {
        string folder = Path.Combine(_folder.FullName, "index");
        (FragmentLabel label, byte[] bytes) = Fragment(100_032);
        (FragmentLabel dropped, byte[] droppedBytes) = Fragment(20_032);
        await using (RealStorage storage = new(folder, RealStorage.Small()))
        {
            await storage.Store.PutAsync(dropped, droppedBytes, CancellationToken.None);
            await storage.Store.PutAsync(label, bytes, CancellationToken.None);
            await storage.Store.DeleteAsync(dropped.Id, CancellationToken.None);
            await RealStorage.UntilAsync(() => storage.Desk.View.Index!.Unerased().Count == 0);
        }

        string index = Path.Combine(folder, "index.db");
        File.Delete(index + "-wal");
        if (isDamaged)
        {
            byte[] garbage = new byte[8_192];
            Random.Shared.NextBytes(garbage);
            await File.WriteAllBytesAsync(index, garbage);
        }
        else
        {
            File.Delete(index);
        }

        await using RealStorage reopened = new(folder, RealStorage.Small());
        await RealStorage.UntilAsync(() => reopened.Store.Figures.Fragments == 1);
        byte[] got = new byte[bytes.Length];

        Assert.Equal(StoreStatus.Done, await reopened.Store.GetAsync(label.Id, 0, got, CancellationToken.None));
        Assert.Equal(bytes, got);
        Assert.Equal(
            StoreStatus.NotFound, (await reopened.Store.DescribeAsync(dropped.Id, CancellationToken.None)).Status);
    }

    [Fact]
    public async Task Listings_go_on_page_by_page_by_id_and_by_vault()
    {
        await using RealStorage storage = new(Path.Combine(_folder.FullName, "list"), RealStorage.Small());
        List<FragmentLabel> labels = [];
        for (int i = 0; i < 7; i++)
        {
            (FragmentLabel label, byte[] bytes) = Fragment(64);
            labels.Add(label);
            await storage.Store.PutAsync(label, bytes, CancellationToken.None);
        }

        List<FragmentLabel> byId = await PagesAsync(
            after => storage.Store.ListAsync(after?.Id, 3, CancellationToken.None));
        List<FragmentLabel> byVault = await PagesAsync(
            after => storage.Store.ListVaultAsync(labels[0].Vault, after, 3, CancellationToken.None));

        Assert.Equal(labels.OrderBy(label => label.Id), byId);
        Assert.Equal(labels.OrderBy(label => $"{label.Stripe}", StringComparer.Ordinal), byVault);
    }

    protected override IFragmentStore NewStore()
    {
        RealStorage storage = new(Path.Combine(_folder.FullName, $"{_opened.Count}"), RealStorage.Small());
        _opened.Add(storage);
        return storage.Store;
    }

    private static async Task<List<FragmentLabel>> PagesAsync(
        Func<FragmentLabel?, ValueTask<(StoreStatus Status, IReadOnlyList<StoredFragment> Page)>> list)
    {
        List<FragmentLabel> all = [];
        IReadOnlyList<StoredFragment> page;
        do
        {
            (StoreStatus status, page) = await list(all.LastOrDefault());
            Assert.Equal(StoreStatus.Done, status);
            all.AddRange(page.Select(stored => stored.Label));
        }
        while (page.Count > 0);

        return all;
    }
}
