using SigmaComms.Vault.Scatter;

namespace SigmaComms.Vault.Tests.Scatter;

public sealed class MemoryFragmentStoreTests : FragmentStoreConformance
{
    protected override IFragmentStore NewStore() => new MemoryFragmentStore();

    [Fact]
    public async Task A_full_store_says_so_until_something_is_deleted()
    {
        MemoryFragmentStore store = new(200);
        (FragmentLabel first, byte[] firstBytes) = Fragment(128);
        (FragmentLabel second, byte[] secondBytes) = Fragment(128);
        await store.PutAsync(first, firstBytes, CancellationToken.None);

        StoreStatus full = await store.PutAsync(second, secondBytes, CancellationToken.None);
        await store.DeleteAsync(first.Id, CancellationToken.None);
        StoreStatus done = await store.PutAsync(second, secondBytes, CancellationToken.None);

        Assert.Equal([StoreStatus.Full, StoreStatus.Done], [full, done]);
        Assert.Equal([second.Id], store.Ids);
    }

    [Fact]
    public async Task A_damaged_fragment_is_not_given_out()
    {
        MemoryFragmentStore store = new();
        (FragmentLabel label, byte[] bytes) = Fragment(128);
        await store.PutAsync(label, bytes, CancellationToken.None);
        byte[] room = new byte[128];

        bool damaged = store.Damage(label.Id, 1_000);
        StoreStatus status = await store.GetAsync(label.Id, 0, room, CancellationToken.None);

        Assert.True(damaged);
        Assert.Equal(StoreStatus.Corrupt, status);
        Assert.All(room, value => Assert.Equal(0, value));
    }
}
