using SigmaComms.Cryptography;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Vault.Tests.Scatter;

/// <summary>What every fragment store does.</summary>
public abstract class FragmentStoreConformance
{
    /// <summary>The vault whose fragments the store takes.</summary>
    protected virtual Digest Vault => default;

    protected abstract IFragmentStore NewStore();

    [Fact]
    public async Task What_was_put_is_given_whole_and_in_parts()
    {
        IFragmentStore store = NewStore();
        (FragmentLabel label, byte[] bytes) = Fragment(10_048);
        byte[] whole = new byte[bytes.Length];
        byte[] part = new byte[100];

        StoreStatus put = await store.PutAsync(label, bytes, CancellationToken.None);
        StoreStatus got = await store.GetAsync(label.Id, 0, whole, CancellationToken.None);
        StoreStatus gotPart = await store.GetAsync(label.Id, 4_050, part, CancellationToken.None);
        (StoreStatus described, FragmentLabel? told) = await store.DescribeAsync(label.Id, CancellationToken.None);

        Assert.All((StoreStatus[])[put, got, gotPart, described], status => Assert.Equal(StoreStatus.Done, status));
        Assert.Equal(bytes, whole);
        Assert.Equal(bytes.AsSpan(4_050, 100).ToArray(), part);
        Assert.Equal(label, told);
    }

    [Fact]
    public async Task Putting_twice_is_done_twice_and_the_callers_bytes_are_its_own_again()
    {
        IFragmentStore store = NewStore();
        (FragmentLabel label, byte[] bytes) = Fragment(128);
        byte[] sent = [.. bytes];
        byte[] got = new byte[128];

        StoreStatus first = await store.PutAsync(label, sent, CancellationToken.None);
        sent.AsSpan().Clear();
        StoreStatus second = await store.PutAsync(label, bytes, CancellationToken.None);
        await store.GetAsync(label.Id, 0, got, CancellationToken.None);

        Assert.Equal([StoreStatus.Done, StoreStatus.Done], [first, second]);
        Assert.Equal(bytes, got);
    }

    [Fact]
    public async Task Bytes_that_are_not_the_labels_are_refused()
    {
        IFragmentStore store = NewStore();
        (FragmentLabel label, byte[] bytes) = Fragment(128);
        byte[] flipped = [.. bytes];
        flipped[5] ^= 1;

        Assert.Equal(StoreStatus.Refused, await store.PutAsync(label, flipped, CancellationToken.None));
        Assert.Equal(StoreStatus.Refused, await store.PutAsync(label, bytes.AsMemory(64), CancellationToken.None));
        Assert.Equal(StoreStatus.NotFound, await store.GetAsync(label.Id, 0, flipped, CancellationToken.None));
        Assert.Equal(StoreStatus.Done, await store.PutAsync(label, bytes, CancellationToken.None));
    }

    /// <summary>
    /// Who keeps one fragment of a stripe knows the labels of all, and may be quicker than their writer.
    /// </summary>
    [Fact]
    public async Task What_others_put_with_all_they_know_of_a_label_never_stands_in_the_way()
    {
        IFragmentStore store = NewStore();
        (FragmentLabel label, byte[] bytes) = Fragment(128);
        (FragmentLabel foul, byte[] foulBytes) = Fragment(64);
        FragmentLabel[] foulLabels =
        [
            new(label.Vault, label.Stripe, 1, 0, 64, label.Address, [foul.Root]),
            new(label.Vault, label.Stripe, 1, 0, 64, label.Id.Value, [foul.Root]),
            new(label.Vault, label.Stripe, 1, 0, 64, label.Address, [foul.Root, label.Root]),
            new(label.Vault, label.Stripe, 2, 1, 64, label.Address, [label.Root, foul.Root]),
        ];
        byte[] got = new byte[128];
        foreach (FragmentLabel foulLabel in foulLabels)
        {
            Assert.Equal(StoreStatus.Done, await store.PutAsync(foulLabel, foulBytes, CancellationToken.None));
        }

        StoreStatus put = await store.PutAsync(label, bytes, CancellationToken.None);
        foreach (FragmentLabel foulLabel in foulLabels)
        {
            Assert.Equal(StoreStatus.Done, await store.DeleteAsync(foulLabel.Id, CancellationToken.None));
        }

        Assert.Equal(StoreStatus.Done, put);
        Assert.Equal(StoreStatus.Done, await store.GetAsync(label.Id, 0, got, CancellationToken.None));
        Assert.Equal(bytes, got);
        Assert.Equal(label, (await store.DescribeAsync(label.Id, CancellationToken.None)).Label);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found_and_a_range_outside_is_refused()
    {
        IFragmentStore store = NewStore();
        (FragmentLabel label, byte[] bytes) = Fragment(128);
        (FragmentLabel absent, _) = Fragment(128);
        await store.PutAsync(label, bytes, CancellationToken.None);
        byte[] room = new byte[128];

        Assert.Equal(StoreStatus.NotFound, await store.GetAsync(absent.Id, 0, room, CancellationToken.None));
        Assert.Equal(StoreStatus.NotFound, (await store.DescribeAsync(absent.Id, CancellationToken.None)).Status);
        Assert.Equal(StoreStatus.NotFound, await store.DeleteAsync(absent.Id, CancellationToken.None));
        Assert.Equal(StoreStatus.Refused, await store.GetAsync(label.Id, 1, room, CancellationToken.None));
        Assert.Equal(StoreStatus.Refused, await store.GetAsync(label.Id, int.MaxValue, room, CancellationToken.None));
    }

    [Fact]
    public async Task What_was_deleted_is_gone_and_may_come_again()
    {
        IFragmentStore store = NewStore();
        (FragmentLabel label, byte[] bytes) = Fragment(128);
        await store.PutAsync(label, bytes, CancellationToken.None);

        StoreStatus deleted = await store.DeleteAsync(label.Id, CancellationToken.None);
        StoreStatus got = await store.GetAsync(label.Id, 0, new byte[128], CancellationToken.None);
        StoreStatus again = await store.PutAsync(label, bytes, CancellationToken.None);

        Assert.Equal([StoreStatus.Done, StoreStatus.NotFound, StoreStatus.Done], [deleted, got, again]);
    }

    [Fact]
    public async Task A_cancelled_call_throws_nothing_else()
    {
        IFragmentStore store = NewStore();
        (FragmentLabel label, byte[] bytes) = Fragment(128);
        CancellationToken cancelled = new(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await store.PutAsync(label, bytes, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await store.GetAsync(label.Id, 0, bytes, cancelled));
    }

    protected (FragmentLabel Label, byte[] Bytes) Fragment(int length) => Fragment(Vault, length);

    protected static (FragmentLabel Label, byte[] Bytes) Fragment(Digest vault, int length)
    {
        byte[] bytes = new byte[length];
        Random.Shared.NextBytes(bytes);
        byte[] id = new byte[32];
        Random.Shared.NextBytes(id);
        StripeId stripe = new(id.AsSpan(0, 16));
        Digest[] roots = [FragmentTree.RootOf(bytes)];
        return (new FragmentLabel(vault, stripe, 1, 0, length, new Digest(id), roots), bytes);
    }
}
