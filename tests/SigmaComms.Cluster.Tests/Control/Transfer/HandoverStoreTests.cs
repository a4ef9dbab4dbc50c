using SigmaComms.Cluster.Control.Blocks;
using SigmaComms.Cluster.Control.Transfer;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests.Control.Transfer;

public sealed class HandoverStoreTests
{
    private static readonly Digest Some = Digest.Sha256([1]);

    private readonly FaultyDisk _disk = new(1);

    [Theory]
    [InlineData(70, 10, 64)]
    [InlineData(20, 30_000, 9)]
    public void A_way_that_is_too_long_for_one_message_is_told_in_parts_that_fit(int epochs, int votes, int first)
    {
        HandoverStore store = Keep(epochs, votes);
        using SnapshotExchange exchange = new(Snapshot(), store, []);

        HostMessage? found = exchange.Offer(new Epoch(1), height => Child(height, (ulong)epochs + 1));
        HostMessage? rest = exchange.Offer(new Epoch((ulong)epochs - 1), height => Child(height, (ulong)epochs + 1));

        HostMessage.HandoversFound part = Assert.IsType<HostMessage.HandoversFound>(found);
        Assert.Equal(first, part.Handovers.Count);
        Assert.Equal(1UL, part.Handovers[0].Header.Epoch.Value);
        byte[] encoded = HostMessageCodec.Encode(part);
        Assert.InRange(encoded.Length, 1, LinkLimits.ControlBytes);
        Assert.True(HostMessageCodec.TryDecode(encoded, out HostMessage? read));
        Assert.Equal(encoded, HostMessageCodec.Encode(read));
        Assert.False(HostMessageCodec.TryDecode(encoded.AsSpan(0, encoded.Length - 1), out _));
        Assert.Equal(2, Assert.IsType<HostMessage.SnapshotOffered>(rest).Offer.Handovers.Count);
        Assert.Null(exchange.Offer(new Epoch((ulong)epochs + 2), height => Child(height, (ulong)epochs + 1)));
    }

    [Fact]
    public void The_folder_is_listed_once_however_often_is_asked_and_what_rots_can_be_kept_again()
    {
        HandoverStore store = Keep(5, 10);
        ReadCountingDisk counting = new(_disk);
        HandoverStore reopened = new(counting);

        int before = reopened.Read(new Epoch(1), new Epoch(6), 1 << 20).Count;
        _disk.Rot("handover-0000000000000002", 0);
        int after = reopened.Read(new Epoch(1), new Epoch(6), 1 << 20).Count;
        reopened.Keep(Handover(2, 10));
        int again = reopened.Read(new Epoch(1), new Epoch(6), 1 << 20).Count;

        Assert.Equal((5, 1, 5), (before, after, again));
        Assert.Equal(1, counting.Listings);
        Assert.Equal(5, store.Read(new Epoch(1), new Epoch(9), 1 << 20).Count);
    }

    private HandoverStore Keep(int epochs, int votes)
    {
        HandoverStore store = new(_disk);
        store.Keep([.. Enumerable.Range(1, epochs).Select(epoch => Handover((ulong)epoch, votes))]);
        return store;
    }

    private SnapshotStore Snapshot()
    {
        SnapshotStore snapshots = new(_disk);
        snapshots.Write(new BlockIdentity(new Height(7), Some), Some, [new byte[100]]);
        return snapshots;
    }

    private static EpochHandover Handover(ulong epoch, int votes) => new(
        Header(epoch, new Height(epoch)), Proof(epoch, votes),
        new StateOpening(Some, Some, Some, Some, 0, [KeyValuePair.Create((ushort)1, Some)]),
        new ValidatorSet(new Epoch(epoch + 1), [new Validator(new NodeId(Some), 1, new byte[1_952])]));

    private static Message.FinalBlocks Child(Height height, ulong epoch)
    {
        Block.TryJoin(Header(epoch, height), CommandBody.Empty, out Block? block);
        return new Message.FinalBlocks([block!], Proof(epoch, 10));
    }

    private static FinalityProof Proof(ulong epoch, int votes) => new(
        new Certificate(
            BallotKind.Finalize, new Epoch(epoch), new View(3), Some,
            [.. Enumerable.Range(0, Math.Max(1, votes / 3_000)).Select(
                voter => new CertificateVote((byte)voter, null, new byte[Math.Min(votes, 3_000)]))]),
        [.. votes > 10 ? Enumerable.Repeat(Header(epoch, new Height(9)), 350) : []]);

    private static BlockHeader Header(ulong epoch, Height height) => new(
        new Epoch(epoch), new View(3), height, Some, new View(2), CommandBody.Empty.Root, Some, Some, 5, true);
}
