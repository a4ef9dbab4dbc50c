using SigmaComms.Client.Storage;
using SigmaComms.Cluster.Storage.Doors;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Links;
using SigmaComms.Vault;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Tests.Scatter;

namespace SigmaComms.Cluster.Tests.Storage.Doors;

/// <summary>A client's store over a real link to a real node does what every store does.</summary>
[Collection(nameof(StorageCluster))]
public sealed class LinkFragmentStoreTests(StorageCluster cluster) : FragmentStoreConformance
{
    private const int Stranger = 2_102;

    protected override Digest Vault => cluster.Vault;

    protected override IFragmentStore NewStore() => cluster.Client(0);

    [Theory]
    [InlineData(LinkLimits.FragmentPartBytes)]
    [InlineData(LinkLimits.FragmentPartBytes + 64)]
    [InlineData(FragmentLabel.LengthMax)]
    public async Task Fragments_of_several_parts_come_back_whole_and_in_ranges_across_parts(int length)
    {
        IFragmentStore store = NewStore();
        (FragmentLabel label, byte[] bytes) = Fragment(length);
        byte[] whole = new byte[length];
        byte[] across = new byte[100_000];
        int from = length - across.Length;

        StoreStatus put = await store.PutAsync(label, bytes, CancellationToken.None);
        StoreStatus got = await store.GetAsync(label.Id, 0, whole, CancellationToken.None);
        StoreStatus gotAcross = await store.GetAsync(label.Id, from, across, CancellationToken.None);

        Assert.Equal([StoreStatus.Done, StoreStatus.Done, StoreStatus.Done], [put, got, gotAcross]);
        Assert.Equal(bytes, whole);
        Assert.Equal(bytes[from..], across);
    }

    [Fact]
    public async Task Many_fragments_at_once_all_arrive_and_the_node_holds_nothing_afterwards()
    {
        IFragmentStore store = NewStore();
        (FragmentLabel Label, byte[] Bytes)[] fragments =
            [.. Enumerable.Range(0, 60).Select(i => Fragment(i % 6 == 0 ? 1_200_000 : 64 * (i + 1)))];

        StoreStatus[] put = await Task.WhenAll(fragments.Select(
            fragment => store.PutAsync(fragment.Label, fragment.Bytes, CancellationToken.None).AsTask()));
        byte[][] got = await Task.WhenAll(fragments.Select(async fragment =>
        {
            byte[] room = new byte[fragment.Bytes.Length];
            await store.GetAsync(fragment.Label.Id, 0, room, CancellationToken.None);
            return room;
        }));

        Assert.All(put, status => Assert.Equal(StoreStatus.Done, status));
        Assert.Equal(fragments.Select(fragment => fragment.Bytes), got);
        Assert.Equal(0, cluster.Nodes[0].StorageDoor.Held);
    }

    [Fact]
    public async Task Who_may_not_write_the_vault_puts_and_drops_nothing_but_may_read_what_it_knows_the_id_of()
    {
        IFragmentStore writer = NewStore();
        IFragmentStore stranger = cluster.Client(0, Stranger);
        (FragmentLabel label, byte[] bytes) = Fragment(128);
        (FragmentLabel other, byte[] otherBytes) = Fragment(128);
        byte[] room = new byte[128];

        StoreStatus put = await writer.PutAsync(label, bytes, CancellationToken.None);
        StoreStatus strangers = await SaidAsync(() => stranger.PutAsync(other, otherBytes, CancellationToken.None));
        StoreStatus dropped = await SaidAsync(() => stranger.DeleteAsync(label.Id, CancellationToken.None));
        StoreStatus read = await stranger.GetAsync(label.Id, 0, room, CancellationToken.None);
        StoreStatus absent = await writer.GetAsync(other.Id, 0, room, CancellationToken.None);

        Assert.Equal([StoreStatus.Done, StoreStatus.Done], [put, read]);
        Assert.Equal([StoreStatus.Refused, StoreStatus.Refused], [strangers, dropped]);
        Assert.Equal(StoreStatus.NotFound, absent);
    }

    [Fact]
    public async Task A_writer_of_another_vault_who_knows_all_of_a_label_cannot_take_the_fragments_place()
    {
        Digest vault = await cluster.CreateVaultAsync(Stranger + 2);
        IFragmentStore stranger = cluster.Client(0, Stranger + 2);
        IFragmentStore writer = NewStore();
        (FragmentLabel label, byte[] bytes) = Fragment(128);
        FragmentLabel foul = new(vault, label.Stripe, 1, 0, 128, label.Address, [label.Root]);
        byte[] got = new byte[128];

        StoreStatus asWriter = await SaidAsync(() => stranger.PutAsync(label, bytes, CancellationToken.None));
        StoreStatus squatted = await SaidAsync(() => stranger.PutAsync(foul, bytes, CancellationToken.None));
        StoreStatus put = await writer.PutAsync(label, bytes, CancellationToken.None);
        StoreStatus strangersDelete = await SaidAsync(() => stranger.DeleteAsync(label.Id, CancellationToken.None));
        StoreStatus read = await writer.GetAsync(label.Id, 0, got, CancellationToken.None);

        Assert.Equal([StoreStatus.Refused, StoreStatus.Refused], [asWriter, strangersDelete]);
        Assert.Equal([StoreStatus.Done, StoreStatus.Done, StoreStatus.Done], [squatted, put, read]);
        Assert.Equal(bytes, got);
    }

    [Fact]
    public async Task A_writer_who_does_not_own_the_vault_deletes_only_what_the_log_has_dropped()
    {
        IFragmentStore store = NewStore();
        (FragmentLabel label, byte[] bytes) = Fragment(128);
        await store.PutAsync(label, bytes, CancellationToken.None);

        cluster.Nodes[0].StorageDoor.IsDropped = static _ => false;
        StoreStatus kept = await store.DeleteAsync(label.Id, CancellationToken.None);
        cluster.Nodes[0].StorageDoor.IsDropped = static _ => true;
        StoreStatus gone = await store.DeleteAsync(label.Id, CancellationToken.None);

        Assert.Equal([StoreStatus.Refused, StoreStatus.Done], [kept, gone]);
    }

    [Fact]
    public async Task A_writer_may_put_at_any_node_as_soon_as_it_is_one_and_no_more_when_it_is_none()
    {
        Digest vault = await cluster.CreateVaultAsync(Stranger + 1);
        IFragmentStore store = cluster.Client(1, Stranger + 1);
        (FragmentLabel label, byte[] bytes) = Fragment(vault, 128);
        (FragmentLabel later, byte[] laterBytes) = Fragment(vault, 128);

        StoreStatus put = await SaidAsync(() => store.PutAsync(label, bytes, CancellationToken.None));
        await cluster.RemoveWriterAsync(vault, Stranger + 1);
        await cluster.Nodes[1].Control!.ReadLinearizableAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
        StoreStatus after = await SaidAsync(() => store.PutAsync(later, laterBytes, CancellationToken.None));

        Assert.Equal([StoreStatus.Done, StoreStatus.Refused], [put, after]);
    }

    [Fact]
    public async Task A_clients_links_find_the_storage_nodes_and_a_stripe_goes_through_them_and_back()
    {
        StorageLinks links = await cluster.LinksAsync();
        StorageNetwork network = await links.OpenAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
        byte[] content = new byte[3_000_000];
        Random.Shared.NextBytes(content);
        using StripeKeys keys = new(cluster.Vault, content.AsSpan(0, 32), content.AsSpan(32, 32));
        StripeBuffers buffers = new();
        await using MemoryStream source = new(content);
        await using MemoryStream target = new();
        using StripeScatter scatter = new(
            new VaultShape(1, 1, 1 << 20), keys, network, buffers, SystemRandom.Instance, new ScatterOptions());

        List<ScatteredStripe> stripes = [];
        await foreach (ScatteredStripe stripe in scatter.WriteAsync(source, CancellationToken.None))
        {
            stripes.Add(stripe);
        }

        GatherResult read = await new StripeGather(network, buffers, new ScatterOptions()).CopyToAsync(
            stripes.Select(stripe => new LockedStripe(stripe.Entry, keys)), target, CancellationToken.None);

        Assert.Equal(2, links.Nodes.Count);
        Assert.All(links.Nodes, node => Assert.True(node.IsOpen, node.LastFailure));
        Assert.Equal(["n1", "n2"], links.Nodes.Select(node => node.Node.Name).Order());
        Assert.Equal(["rack-0", "rack-1"], network.Placement.Nodes.Select(node => node.Zone).Order());
        Assert.All(stripes, stripe => Assert.True(stripe.IsWhole));
        Assert.Equal(GatherStatus.Read, read.Status);
        Assert.Equal(content, target.ToArray());
    }

    [Fact]
    public async Task Reads_of_little_or_nothing_are_not_free()
    {
        (FragmentLabel label, byte[] bytes) = Fragment(128);
        await NewStore().PutAsync(label, bytes, CancellationToken.None);
        NodeContext node = cluster.Nodes[0].Control!.Desk.Node;
        StorageDoor door = cluster.Nodes[0].StorageDoor;
        using StorageGuest guest = door.Enter(SimCluster.IdentityOf(Stranger + 3).Id, isNode: false);
        SlowReads slow = new(cluster.Kept[0]);
        node.Fragments = slow;
        try
        {
            long most = StorageGuest.ReadBytesMax / StorageDoor.ReadBytesMin;
            LinkMessage nothing = await door.AnswerAsync(guest, new GetFragment(label.Id.Value, 128, 0));
            LinkMessage beyond = await door.AnswerAsync(guest, new GetFragment(label.Id.Value, 129, 0));
            int readsForNothing = slow.Reads;
            Task<LinkMessage>[] reads =
            [
                .. Enumerable.Range(0, (int)most).Select(
                    _ => door.AnswerAsync(guest, new GetFragment(label.Id.Value, 0, 1)).AsTask()),
            ];
            LinkMessage tooMany = await door.AnswerAsync(guest, new GetFragment(label.Id.Value, 0, 1));
            slow.GoOn.SetResult();
            LinkMessage[] answers = await Task.WhenAll(reads);
            Array.ForEach(answers, answer => ((FragmentPart)answer).Dispose());
            LinkMessage after = await door.AnswerAsync(guest, new GetFragment(label.Id.Value, 0, 1));

            Assert.Empty(Assert.IsType<FragmentPart>(nothing).Content.ToArray());
            Assert.Equal(RefusalReason.FragmentRefused, Assert.IsType<Refused>(beyond).Reason);
            Assert.Equal(0, readsForNothing);
            Assert.Equal(RefusalReason.Overloaded, Assert.IsType<Refused>(tooMany).Reason);
            Assert.IsType<FragmentPart>(after);
            ((FragmentPart)after).Dispose();
        }
        finally
        {
            node.Fragments = cluster.Kept[0];
        }
    }

    [Fact]
    public async Task A_node_that_keeps_no_fragments_says_so()
    {
        IFragmentStore store = NewStore();
        (FragmentLabel label, byte[] bytes) = Fragment(128);
        NodeContext node = cluster.Nodes[0].Control!.Desk.Node;

        node.Fragments = null;
        StoreStatus put = await store.PutAsync(label, bytes, CancellationToken.None);
        node.Fragments = cluster.Kept[0];
        StoreStatus after = await store.PutAsync(label, bytes, CancellationToken.None);

        Assert.Equal([StoreStatus.Refused, StoreStatus.Done], [put, after]);
    }

    /// <summary>On a machine that stands still the log may answer the node too late: then it is asked again.</summary>
    private static async Task<StoreStatus> SaidAsync(Func<ValueTask<StoreStatus>> askAsync)
    {
        StoreStatus said = await askAsync();
        for (int i = 0; i < 20 && said == StoreStatus.Unreachable; i++)
        {
            said = await askAsync();
        }

        return said;
    }
}
