using SigmaComms.Cluster.Control.Verification;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Tests.Control.Verification;

public sealed class FrameQueueTests
{
    private static readonly NodeId Loud = SimCluster.IdentityOf(1).Id;
    private static readonly NodeId Quiet = SimCluster.IdentityOf(2).Id;

    [Fact]
    public void The_flood_of_one_peer_takes_no_turn_and_no_room_from_another()
    {
        FrameQueue queue = new(10_000, 1 << 20);
        int taken = 0;
        while (queue.TryAdd(Loud, new byte[500]))
        {
            taken++;
        }

        bool hasRoom = queue.TryAdd(Quiet, new byte[500]);

        Assert.InRange(taken, 10, 20);
        Assert.True(hasRoom);
        Assert.True(queue.TryTake(out PeerFrame first));
        Assert.True(queue.TryTake(out PeerFrame second));
        Assert.Equal([Loud, Quiet], [first.From, second.From]);
    }

    [Fact]
    public void Frames_of_one_peer_are_taken_one_after_the_other_in_their_order()
    {
        FrameQueue queue = new(10_000, 1 << 20);
        queue.TryAdd(Loud, new byte[] { 1 });
        queue.TryAdd(Loud, new byte[] { 2 });

        bool hasFirst = queue.TryTake(out PeerFrame first);
        bool hasSecondMeanwhile = queue.TryTake(out _);
        queue.Done(first.From);
        bool hasSecond = queue.TryTake(out PeerFrame second);

        Assert.True(hasFirst);
        Assert.False(hasSecondMeanwhile);
        Assert.True(hasSecond);
        Assert.Equal([1, 2], [first.Content.Span[0], second.Content.Span[0]]);
    }

    [Fact]
    public void Room_is_free_again_only_once_the_core_has_a_frame()
    {
        FrameQueue queue = new(1_000, 1 << 20);
        queue.TryAdd(Loud, new byte[700]);
        queue.TryTake(out PeerFrame frame);
        queue.Done(frame.From);

        bool hasRoomBefore = queue.TryAdd(Loud, new byte[700]);
        queue.Release(frame);
        bool hasRoomAfter = queue.TryAdd(Loud, new byte[700]);

        Assert.False(hasRoomBefore);
        Assert.True(hasRoomAfter);
    }

    [Fact]
    public void All_peers_together_have_a_bound()
    {
        FrameQueue queue = new(1 << 20, 2_000);
        queue.TryAdd(Loud, new byte[900]);

        bool hasRoom = queue.TryAdd(Quiet, new byte[900]);

        Assert.False(hasRoom);
        Assert.Equal(1_156, queue.Bytes);
    }

    [Fact]
    public void A_closed_queue_takes_nothing()
    {
        FrameQueue queue = new(1 << 20, 1 << 20);
        queue.Close();

        Assert.False(queue.TryAdd(Loud, new byte[1]));
    }
}
