using SigmaComms.Cluster.Control.Blocks;
using SigmaComms.Cluster.Control.Transfer;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Consensus;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Tests.Control.Transfer;

public sealed class SnapshotExchangeTests
{
    private readonly FaultyDisk _disk = new(1);

    [Fact]
    public void Who_sends_a_part_that_is_too_short_or_a_wrong_chunk_is_asked_for_nothing_more()
    {
        SnapshotStore store = new(_disk);
        byte[] snapshot = new byte[100];
        SnapshotManifest manifest = new SnapshotStore(new FaultyDisk(2)).Write(
            new BlockIdentity(new Height(7), default), default, [snapshot]);
        using SnapshotExchange exchange = new(store, new HandoverStore(_disk), []);

        HostMessage.PartAsked? asked = exchange.Begin(new SnapshotOffer(manifest, null!, null!, []));
        HostMessage.PartAsked? afterShort = exchange.Take(Part(manifest, snapshot.AsMemory(0, 1)));
        byte[] wrong = new byte[100];
        wrong[50] = 1;
        HostMessage.PartAsked? afterWrong = exchange.Take(Part(manifest, wrong));

        Assert.NotNull(asked);
        Assert.Null(afterShort);
        Assert.Null(afterWrong);
    }

    private static HostMessage.PartFound Part(SnapshotManifest manifest, ReadOnlyMemory<byte> bytes) =>
        new(manifest.ComputeId(), 0, 0, bytes);
}
