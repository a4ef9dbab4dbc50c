using SigmaComms.Cluster.Storage.Doors;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Tests.Scatter;

namespace SigmaComms.Cluster.Tests.Storage.Doors;

/// <summary>A node's store over its link to another node does what every store does.</summary>
[Collection(nameof(StorageCluster))]
public sealed class PeerFragmentStoreTests(StorageCluster cluster) : FragmentStoreConformance
{
    protected override IFragmentStore NewStore() => cluster.Peer(1, 0);

    [Fact]
    public async Task A_fragment_of_several_parts_goes_to_the_other_node_and_back()
    {
        IFragmentStore store = NewStore();
        (FragmentLabel label, byte[] bytes) = Fragment(1_310_720);
        byte[] room = new byte[bytes.Length];

        StoreStatus put = await store.PutAsync(label, bytes, CancellationToken.None);
        StoreStatus got = await store.GetAsync(label.Id, 0, room, CancellationToken.None);

        Assert.Equal([StoreStatus.Done, StoreStatus.Done], [put, got]);
        Assert.Equal(bytes, room);
        Assert.Contains(label.Id, cluster.Kept[0].Ids);
    }

    [Fact]
    public async Task A_node_that_is_not_linked_is_unreachable()
    {
        PeerFragmentStore store = new(cluster.Nodes[0].Control!.Desk.Node, SimCluster.IdentityOf(77).Id);
        (FragmentLabel label, byte[] bytes) = Fragment(128);

        Assert.Equal(StoreStatus.Unreachable, await store.PutAsync(label, bytes, CancellationToken.None));
        Assert.Equal(StoreStatus.Unreachable, (await store.DescribeAsync(label.Id, CancellationToken.None)).Status);
    }

    [Fact]
    public async Task Another_node_has_only_what_the_log_has_dropped_deleted()
    {
        IFragmentStore store = cluster.Peer(0, 1);
        (FragmentLabel label, byte[] bytes) = Fragment(128);
        await store.PutAsync(label, bytes, CancellationToken.None);

        cluster.Nodes[1].StorageDoor.IsDropped = static _ => false;
        StoreStatus kept = await store.DeleteAsync(label.Id, CancellationToken.None);
        cluster.Nodes[1].StorageDoor.IsDropped = dropped => dropped.Id == label.Id;
        StoreStatus gone = await store.DeleteAsync(label.Id, CancellationToken.None);

        Assert.Equal([StoreStatus.Refused, StoreStatus.Done], [kept, gone]);
    }
}
