using SigmaComms.Actors;
using SigmaComms.Actors.TestKit;
using SigmaComms.Cluster.Remoting;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests.Remoting;

public sealed class RemoteTellTests
{
    [Fact]
    public void A_message_reaches_an_actor_of_the_other_node_and_its_answer_comes_back_to_the_sender()
    {
        var pair = new RemotePair();
        (TestProbe there, IActorRef remote) = pair.RightProbe();
        TestProbe here = pair.Left.System.CreateProbe();

        here.Send(remote, new Note("hello"));
        pair.Run();
        there.ExpectMsg(new Note("hello"));
        there.Reply(new Note("and back"));
        pair.Run();

        here.ExpectMsg(new Note("and back"));
        Assert.Same(remote, here.LastSender);
    }

    [Fact]
    public void A_thousand_messages_arrive_in_order_in_few_batches_of_at_most_48_KiB()
    {
        var pair = new RemotePair();
        (TestProbe there, IActorRef remote) = pair.RightProbe();
        int before = pair.ToRight.FramesSent;
        string text = new('x', 200);

        for (int i = 0; i < 1_000; i++)
        {
            Assert.Equal(SendResult.Accepted, remote.TryTell(new Note($"{i}{text}")));
        }

        pair.Run();

        for (int i = 0; i < 1_000; i++)
        {
            there.ExpectMsg(new Note($"{i}{text}"));
        }

        Assert.InRange(pair.ToRight.FramesSent - before, 5, 10);
        Assert.InRange(
            pair.ToRight.LongestFrame,
            1,
            LinkCodec.LengthSize + LinkCodec.HeaderSize + LinkLimits.ActorBatchBytes);
    }

    [Fact]
    public void An_actor_inside_of_a_message_can_be_addressed_by_its_receiver()
    {
        var pair = new RemotePair();
        (TestProbe there, IActorRef remote) = pair.RightProbe();
        TestProbe third = pair.Left.System.CreateProbe("third");

        remote.Tell(new Note("write to this one", third.Ref));
        pair.Run();
        there.ExpectMsg<Note>().Actor!.Tell(new Note("done"), there.Ref);
        pair.Run();

        third.ExpectMsg(new Note("done"));
    }

    [Fact]
    public void A_reference_that_comes_home_is_the_actor_itself()
    {
        var pair = new RemotePair();
        (TestProbe there, IActorRef remote) = pair.RightProbe();

        remote.Tell(new Note("yourself", remote));
        pair.Run();

        Assert.Same(there.Ref, there.ExpectMsg<Note>().Actor);
    }

    [Fact]
    public void A_message_without_codec_is_not_sent_and_becomes_a_dead_letter()
    {
        var pair = new RemotePair();
        (_, IActorRef remote) = pair.RightProbe();

        SendResult result = remote.TryTell("plain text");

        Assert.Equal(SendResult.NoCodec, result);
        Assert.Equal("remote: NoCodec", pair.Left.Letters.ExpectMsg<DeadLetter>().Reason);
    }

    [Fact]
    public void A_message_over_47_KiB_is_too_large_and_one_of_just_that_size_arrives()
    {
        var pair = new RemotePair();
        (TestProbe there, IActorRef remote) = pair.RightProbe();
        string fits = new('x', MessageRegistry.MessageBytesMax - 4);

        SendResult over = remote.TryTell(new Note(fits + "x"));
        SendResult just = remote.TryTell(new Note(fits));
        pair.Run();

        Assert.Equal(SendResult.TooLarge, over);
        Assert.Equal(SendResult.Accepted, just);
        there.ExpectMsg(new Note(fits));
        there.ExpectNoMsg();
    }

    [Fact]
    public void Without_a_link_the_node_is_unreachable_and_nothing_is_kept_for_later()
    {
        var pair = new RemotePair();
        (TestProbe there, IActorRef remote) = pair.RightProbe();
        pair.Drop();

        SendResult result = remote.TryTell(new Note("lost"));
        pair.Connect();
        remote.Tell(new Note("arrives"));
        pair.Run();

        Assert.Equal(SendResult.Unreachable, result);
        there.ExpectMsg(new Note("arrives"));
        there.ExpectNoMsg();
    }

    [Fact]
    public void What_waits_for_a_link_that_drops_becomes_dead_letters()
    {
        var pair = new RemotePair();
        (_, IActorRef remote) = pair.RightProbe();

        remote.Tell(new Note("one"));
        remote.Tell(new Note("two"));
        pair.Left.Remote.LinkDown(pair.Right.Id, "cut");

        Assert.Equal(new Note("one"), pair.Left.Letters.ExpectMsg<DeadLetter>().Message);
        Assert.Equal(new Note("two"), pair.Left.Letters.ExpectMsg<DeadLetter>().Message);
    }

    [Fact]
    public void A_full_lane_refuses_TryTell_while_TellAsync_waits_for_room()
    {
        var pair = new RemotePair();
        (TestProbe there, IActorRef remote) = pair.RightProbe();
        for (int i = 0; i < OutboundLane.MessagesMax; i++)
        {
            Assert.Equal(SendResult.Accepted, remote.TryTell((long)i));
        }

        SendResult refused = remote.TryTell(-1L);
        Task<SendResult> waits = remote.TellAsync(-2L).AsTask();
        bool waited = !waits.IsCompleted;
        pair.Run();
        SendResult later = RemotePair.Result(waits);
        pair.Run();

        Assert.Equal(SendResult.Full, refused);
        Assert.True(waited);
        Assert.Equal(SendResult.Accepted, later);
        Assert.Equal(OutboundLane.MessagesMax + 1, there.Waiting);
        Assert.Equal(-2L, there.FishForMessage<long>(number => number < 0));
    }

    [Fact]
    public void A_full_lane_frees_a_waiting_sender_whose_token_is_cancelled()
    {
        var pair = new RemotePair();
        (_, IActorRef remote) = pair.RightProbe();
        for (int i = 0; i < OutboundLane.MessagesMax; i++)
        {
            remote.TryTell((long)i);
        }

        using var stop = new CancellationTokenSource();
        Task<SendResult> waits = remote.TellAsync(-2L, null, stop.Token).AsTask();
        stop.Cancel();

        Assert.Throws<TaskCanceledException>(() => RemotePair.Result(waits));
    }

    [Fact]
    public void A_message_of_the_control_lane_travels_on_it()
    {
        static void Register(MessageRegistry registry)
        {
            registry.Register(1, 1, new NoteCodec());
            registry.Register(2, 1, new NumberCodec(), Lane.Control);
        }

        var pair = new RemotePair(Register, Register);
        (TestProbe there, IActorRef remote) = pair.RightProbe();
        pair.ToRight.Lanes.Clear();

        remote.Tell(7L);
        pair.Run();

        there.ExpectMsg(7L);
        Assert.Equal([Lane.Control], pair.ToRight.Lanes);
    }

    [Fact]
    public void A_message_to_an_actor_of_the_process_before_is_not_sent()
    {
        var pair = new RemotePair();
        (_, IActorRef remote) = pair.RightProbe();
        pair.RestartRight();

        SendResult result = remote.TryTell(new Note("who are you"));

        Assert.Equal(SendResult.Terminated, result);
    }

    [Fact]
    public void A_batch_for_another_process_is_dropped()
    {
        var pair = new RemotePair();
        (TestProbe there, _) = pair.RightProbe();
        var sent = new ActorItem.Sent(1, 1, default, 2, 1, new byte[8]);

        pair.Right.Remote.Accept(pair.Left.Id, new ActorBatch(pair.Left.Incarnation, 19, [sent]));
        pair.Right.Remote.Accept(pair.Left.Id, new ActorBatch(pair.Left.Incarnation - 1, 20, [sent]));
        pair.Run();

        there.ExpectNoMsg();
    }
}
