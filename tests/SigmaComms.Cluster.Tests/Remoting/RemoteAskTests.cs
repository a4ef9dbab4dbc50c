using SigmaComms.Actors;
using SigmaComms.Actors.TestKit;

namespace SigmaComms.Cluster.Tests.Remoting;

public sealed class RemoteAskTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    [Fact]
    public void An_ask_gets_its_answer_and_the_peer_can_address_the_asker_no_longer()
    {
        var pair = new RemotePair();
        IActorRef remote = pair.Find(pair.Right.System.ActorOf(Props.Create<Echo>()));
        int before = pair.Left.Remote.Open(pair.Right.Id).Given;

        Task<Note> asked = remote.Ask<Note>(new Note("are you there"), Long);
        pair.Run();

        Assert.Equal(new Note("are you there!"), RemotePair.Result(asked));
        Assert.Equal(before, pair.Left.Remote.Open(pair.Right.Id).Given);
    }

    [Fact]
    public void An_ask_inside_of_an_actors_turn_gets_its_answer()
    {
        var pair = new RemotePair();
        IActorRef remote = pair.Find(pair.Right.System.ActorOf(Props.Create<Echo>()));
        TestProbe here = pair.Left.System.CreateProbe();
        IActorRef asker = pair.Left.System.ActorOf(Props.Create(() => new Asker(remote, here.Ref)));

        asker.Tell(new Note("go"));
        pair.Run();
        pair.Run();

        here.ExpectMsg(new Note("go!"));
    }

    [Fact]
    public void A_dropped_link_ends_the_ask_at_once()
    {
        var pair = new RemotePair();
        (_, IActorRef remote) = pair.RightProbe();
        Task<Note> asked = remote.Ask<Note>(new Note("silence"), Long);
        pair.Run();

        pair.Left.Remote.LinkDown(pair.Right.Id, "cut");

        Assert.Throws<AskTargetTerminatedException>(() => RemotePair.Result(asked));
    }

    [Fact]
    public void An_eviction_ends_the_ask_at_once()
    {
        var pair = new RemotePair();
        (_, IActorRef remote) = pair.RightProbe();
        Task<Note> asked = remote.Ask<Note>(new Note("silence"), Long);
        pair.Run();

        pair.Left.Remote.Evict(pair.Right.Id);

        Assert.Throws<AskTargetTerminatedException>(() => RemotePair.Result(asked));
    }

    [Fact]
    public void An_actor_that_is_gone_ends_the_ask_at_once_and_the_question_is_a_dead_letter()
    {
        var pair = new RemotePair();
        (TestProbe there, IActorRef remote) = pair.RightProbe();
        there.Ref.Tell(PoisonPill.Instance);
        pair.Run();

        Task<Note> asked = remote.Ask<Note>(new Note("too late"), Long);
        pair.Run();

        Assert.Throws<AskTargetTerminatedException>(() => RemotePair.Result(asked));
        DeadLetter letter = pair.Left.Letters.FishForMessage<DeadLetter>(
            letter => letter.Message.Equals(new Note("too late")));
        Assert.Equal("remote: NoSuchActor", letter.Reason);
    }

    [Fact]
    public void A_peer_that_never_answers_ends_in_the_time_out()
    {
        var pair = new RemotePair();
        (_, IActorRef remote) = pair.RightProbe();

        Task<Note> asked = remote.Ask<Note>(new Note("silence"), TimeSpan.FromSeconds(2));
        pair.Run();
        pair.Advance(4);

        Assert.Throws<AskTimeoutException>(() => RemotePair.Result(asked));
    }

    [Fact]
    public void An_answer_after_the_time_out_is_a_dead_letter_where_it_was_sent()
    {
        var pair = new RemotePair();
        (TestProbe there, IActorRef remote) = pair.RightProbe();
        Task<Note> asked = remote.Ask<Note>(new Note("slow"), TimeSpan.FromSeconds(2));
        pair.Run();
        there.ExpectMsg<Note>();
        pair.Advance(4);

        there.Reply(new Note("late"));
        pair.Run();

        Assert.Equal(
            new Note("late"),
            pair.Right.Letters.FishForMessage<DeadLetter>(letter => letter.Reason == "remote: NoSuchActor").Message);
        Assert.True(asked.IsFaulted);
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo() => Receive<Note>(note => Sender!.Tell(new Note(note.Text + "!"), Self));
    }

    private sealed class Asker : ReceiveActor
    {
        public Asker(IActorRef remote, IActorRef to) => ReceiveAsync<Note>(
            async note => to.Tell(await Context.Ask<Note>(remote, note, Long)));
    }
}
