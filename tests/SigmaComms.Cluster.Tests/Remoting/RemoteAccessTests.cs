using SigmaComms.Actors;
using SigmaComms.Actors.TestKit;
using SigmaComms.Cluster.Remoting;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests.Remoting;

public sealed class RemoteAccessTests
{
    [Fact]
    public void A_name_is_found_only_by_the_nodes_on_its_list()
    {
        var pair = new RemotePair();
        TestProbe there = pair.Right.System.CreateProbe();
        pair.Right.Remote.RegisterName("open", there.Ref, [pair.Left.Id]);
        pair.Right.Remote.RegisterName("closed", there.Ref, [pair.Right.Id]);

        Assert.NotNull(Find(pair, "open"));
        Assert.Null(Find(pair, "closed"));
        Assert.Null(Find(pair, "nothing"));
    }

    [Fact]
    public void A_removed_name_is_found_no_longer()
    {
        var pair = new RemotePair();
        TestProbe there = pair.Right.System.CreateProbe();
        pair.Right.Remote.RegisterName("open", there.Ref, [pair.Left.Id]);
        pair.Right.Remote.RemoveName("open");

        Assert.Null(Find(pair, "open"));
    }

    [Fact]
    public void A_name_is_not_found_without_a_link_and_a_dropped_link_ends_the_search()
    {
        var pair = new RemotePair();
        pair.ToLeft.IsHeld = true;
        Task<IActorRef?> searching = pair.Left.Remote.FindAsync(
            pair.Right.Id, "it", TimeSpan.FromHours(1), CancellationToken.None);
        pair.Run();
        pair.Drop();

        Assert.Null(RemotePair.Result(searching));
        Assert.Null(Find(pair, "it"));
    }

    [Fact]
    public void A_peer_cannot_guess_the_number_of_an_actor_it_was_not_given()
    {
        var pair = new RemotePair();
        TestProbe secret = pair.Right.System.CreateProbe("secret");
        pair.RightProbe();

        for (ulong number = 2; number < 1_000; number++)
        {
            pair.Right.Remote.Accept(
                pair.Left.Id,
                new ActorBatch(10, 20, [new ActorItem.Sent(number, number, default, 2, 1, new byte[8])]));
        }

        pair.Run();

        secret.ExpectNoMsg();
    }

    [Fact]
    public void What_one_node_was_given_another_cannot_address()
    {
        var pair = new RemotePair();
        (TestProbe there, _) = pair.RightProbe();
        var third = new RemoteHost(3, 30);
        var wire = new WireLink();
        pair.Right.Remote.LinkUp(third.Id, third.Incarnation, wire);

        pair.Right.Remote.Accept(
            third.Id, new ActorBatch(30, 20, [new ActorItem.Sent(1, 1, default, 2, 1, new byte[8])]));
        pair.Run();

        there.ExpectNoMsg();
        Assert.True(wire.TryTake(out ActorBatch? answer));
        Assert.Equal(new ActorItem.NotTaken(1, ActorRefusal.NoSuchActor), answer!.Items.Single());
    }

    [Fact]
    public void A_new_process_of_a_node_has_been_given_nothing()
    {
        var pair = new RemotePair();
        TestProbe here = pair.Left.System.CreateProbe();
        (TestProbe there, IActorRef remote) = pair.RightProbe();
        remote.Tell(new Note("mine", here.Ref));
        pair.Run();
        there.ExpectMsg<Note>();
        int before = pair.Left.Remote.Open(pair.Right.Id).Given;

        pair.RestartRight();

        Assert.Equal(1, before);
        Assert.Equal(0, pair.Left.Remote.Open(pair.Right.Id).Given);
    }

    [Fact]
    public void An_actor_that_ended_can_be_addressed_no_longer_and_leaves_the_table()
    {
        var pair = new RemotePair();
        (TestProbe there, IActorRef remote) = pair.RightProbe();
        there.Ref.Tell(PoisonPill.Instance);
        pair.Run();

        remote.Tell(new Note("too late"));
        pair.Run();

        Assert.Equal(0, pair.Right.Remote.Open(pair.Left.Id).Given);
        DeadLetter letter = pair.Left.Letters.ExpectMsg<DeadLetter>();
        Assert.Equal((new Note("too late"), "remote: NoSuchActor"), (letter.Message, letter.Reason));
    }

    [Fact]
    public void An_unknown_number_or_version_is_refused_and_becomes_a_dead_letter_at_the_sender()
    {
        var pair = new RemotePair(
            registry =>
            {
                registry.Register(1, 2, new NoteCodec());
                registry.Register(7, 1, new NumberCodec());
            },
            registry => registry.Register(1, 1, new NoteCodec()));
        (TestProbe there, IActorRef remote) = pair.RightProbe();

        remote.Tell(5L);
        remote.Tell(new Note("newer"));
        pair.Run();

        there.ExpectNoMsg();
        DeadLetter first = pair.Left.Letters.ExpectMsg<DeadLetter>();
        DeadLetter second = pair.Left.Letters.ExpectMsg<DeadLetter>();
        Assert.Equal((5L, "remote: UnknownMessage"), (first.Message, first.Reason));
        Assert.Equal((new Note("newer"), "remote: UnknownVersion"), (second.Message, second.Reason));
    }

    [Fact]
    public void A_node_relays_for_an_actor_of_a_third_node_that_it_passed_on()
    {
        var pair = new RemotePair();
        (TestProbe there, IActorRef remote) = pair.RightProbe();
        var third = new RemoteHost(3, 30);
        var toThird = new WireLink();
        var fromThird = new WireLink();
        pair.Left.Remote.LinkUp(third.Id, third.Incarnation, toThird);
        third.Remote.LinkUp(pair.Left.Id, pair.Left.Incarnation, fromThird);
        TestProbe far = third.System.CreateProbe("far");
        third.Remote.RegisterName("far", far.Ref, [pair.Left.Id]);
        Task<IActorRef?> finding = pair.Left.Remote.FindAsync(third.Id, "far", RemotePair.Soon, default);
        RunAll();
        IActorRef farRef = RemotePair.Result(finding)!;

        remote.Tell(new Note("talk to this one", farRef));
        RunAll();
        there.ExpectMsg<Note>().Actor!.Tell(new Note("through you"), there.Ref);
        RunAll();
        far.ExpectMsg(new Note("through you"));
        far.Reply(new Note("and back"));
        RunAll();

        there.ExpectMsg(new Note("and back"));

        void RunAll()
        {
            for (int i = 0; i < 10; i++)
            {
                pair.Run();
                third.System.RunUntilIdle();
                while (toThird.TryTake(out ActorBatch? batch))
                {
                    third.Remote.Accept(pair.Left.Id, batch!);
                }

                third.System.RunUntilIdle();
                while (fromThird.TryTake(out ActorBatch? batch))
                {
                    pair.Left.Remote.Accept(third.Id, batch!);
                }
            }
        }
    }

    [Fact]
    public void A_peer_that_floods_with_nonsense_leaves_bounded_answers()
    {
        var pair = new RemotePair();
        pair.ToLeft.IsHeld = true;
        RemotePeer peer = pair.Right.Remote.Open(pair.Left.Id);
        pair.Right.Remote.LinkDown(pair.Left.Id, "cut");

        for (ulong number = 1; number <= 20_000; number++)
        {
            peer.Accept(new ActorBatch(10, 20, [new ActorItem.Sent(number, 99, default, 2, 1, new byte[8])]));
        }

        var wire = new WireLink();
        pair.Right.Remote.LinkUp(pair.Left.Id, 10, wire);
        pair.Run();
        int answers = 0;
        while (wire.TryTake(out ActorBatch? batch))
        {
            answers += batch!.Items.Count;
        }

        Assert.Equal(OutboundLane.WordsMax, answers);
    }

    private static IActorRef? Find(RemotePair pair, string name)
    {
        Task<IActorRef?> found = pair.Left.Remote.FindAsync(
            pair.Right.Id, name, RemotePair.Soon, CancellationToken.None);
        pair.Run();
        return RemotePair.Result(found);
    }
}
