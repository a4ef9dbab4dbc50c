using SigmaComms.Actors;
using SigmaComms.Actors.TestKit;
using SigmaComms.Cluster.Remoting;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests.Remoting;

/// <summary>What goes wrong inside of remoting stays there and is got over.</summary>
public sealed class RemoteFaultTests
{
    [Fact]
    public void A_lane_that_fails_loses_its_batch_as_dead_letters_and_goes_on_however_often()
    {
        const int Failures = 15;
        var pair = new RemotePair();
        (TestProbe there, IActorRef remote) = pair.RightProbe();

        for (int i = 0; i < Failures; i++)
        {
            pair.ToRight.FailsOnce = new InvalidOperationException("planted");
            remote.Tell(new Note($"lost {i}"));
            pair.Run();
            pair.Advance(15);
        }

        remote.Tell(new Note("after"));
        pair.Run();

        Assert.Equal(Failures, pair.Left.Letters.Waiting);
        there.ExpectMsg(new Note("after"));
    }

    [Fact]
    public void A_message_whose_codec_throws_is_not_sent_and_the_sender_is_told()
    {
        var pair = new RemotePair(Register, Register);
        (_, IActorRef remote) = pair.RightProbe();

        SendResult result = remote.TryTell("cannot be written");

        Assert.Equal(SendResult.NoCodec, result);
        Assert.Equal("cannot be written", pair.Left.Letters.ExpectMsg<DeadLetter>().Message);
    }

    [Fact]
    public void Bytes_on_which_a_codec_throws_are_refused_and_the_next_message_arrives()
    {
        var pair = new RemotePair(Register, Register);
        (TestProbe there, IActorRef remote) = pair.RightProbe();

        remote.Tell("cannot be read");
        remote.Tell(new Note("fine"));
        pair.Run();

        there.ExpectMsg(new Note("fine"));
        DeadLetter letter = pair.Left.Letters.ExpectMsg<DeadLetter>();
        Assert.Equal(("cannot be read", "remote: Malformed"), (letter.Message, letter.Reason));
    }

    [Fact]
    public void What_an_evicted_node_still_sends_is_dropped_until_it_has_links_again()
    {
        var pair = new RemotePair();
        (_, IActorRef remote) = pair.RightProbe();
        pair.Left.Remote.RegisterName("open", pair.Left.System.CreateProbe().Ref, [pair.Right.Id]);
        pair.Left.Remote.Evict(pair.Right.Id);

        pair.Left.Remote.Accept(pair.Right.Id, new ActorBatch(20, 10, [new ActorItem.Resolve(1, "open")]));
        pair.Run();
        int desks = pair.Left.System.System.Tree().All.Count(actor => actor.Type == nameof(PeerDesk));
        pair.Connect();
        Task<IActorRef?> found = pair.Right.Remote.FindAsync(pair.Left.Id, "open", RemotePair.Soon, default);
        pair.Run();

        Assert.Equal(0, desks);
        Assert.Equal(SendResult.Terminated, remote.TryTell(new Note("to the actor before")));
        Assert.NotNull(RemotePair.Result(found));
    }

    [Fact]
    public void Who_waits_long_for_an_answer_is_not_taken_for_the_oldest_of_many_that_were_answered()
    {
        var table = new ExportTable();
        var patient = new Asker();
        ulong number = table.Give(patient, out _);

        for (int i = 0; i < 3 * ExportTable.AskersMax; i++)
        {
            var quick = new Asker();
            table.Give(quick, out _);
            table.Take(quick);
        }

        Assert.Same(patient, table.Find(number));
        Assert.Equal(1, table.Count);
    }

    [Fact]
    public void Of_too_many_that_wait_for_an_answer_the_oldest_gives_way()
    {
        var table = new ExportTable();
        Asker[] askers = [.. Enumerable.Range(0, ExportTable.AskersMax + 2).Select(_ => new Asker())];

        ulong[] numbers = [.. askers.Select(asker => table.Give(asker, out _))];

        Assert.Null(table.Find(numbers[0]));
        Assert.Null(table.Find(numbers[1]));
        Assert.Same(askers[2], table.Find(numbers[2]));
        Assert.Equal(ExportTable.AskersMax, table.Count);
    }

    [Fact]
    public void What_was_sent_is_forgotten_when_nothing_was_sent_for_half_a_minute()
    {
        var pair = new RemotePair();
        (_, IActorRef remote) = pair.RightProbe();
        var recent = new RecentSends();
        recent.Note(new SentMessage(1, "first", null, (RemoteRef)remote));
        recent.Note(new SentMessage(2, "second", null, (RemoteRef)remote));

        Tick(recent, RecentSends.TicksKept - 1);
        bool before = recent.TryTake(1, out SentMessage sent);
        Tick(recent, 1);
        bool after = recent.TryTake(2, out _);

        Assert.True(before);
        Assert.Equal("first", sent.Message);
        Assert.False(after);
    }

    private static void Tick(RecentSends recent, int times)
    {
        for (int i = 0; i < times; i++)
        {
            recent.Tick();
        }
    }

    private static void Register(MessageRegistry registry)
    {
        RemoteHost.Usual(registry);
        registry.Register(9, 1, new ThrowingCodec());
    }

    private sealed class ThrowingCodec : IMessageCodec<string>
    {
        public void Write(string message, WireWriter writer, IActorPointers actors) =>
            writer.U8(message == "cannot be written" ? throw new FormatException("planted") : (byte)1);

        public string Read(ref WireReader reader, IActorPointers actors) => throw new FormatException("planted");
    }

    /// <summary>Who asked a question from outside of actors.</summary>
    private sealed class Asker : IActorRef
    {
        public ActorPath Path => new("test", "/temp/ask", 1);

        public void Tell(object message, IActorRef? sender = null)
        {
        }

        public SendResult TryTell(object message, IActorRef? sender = null) => SendResult.Accepted;

        public ValueTask<SendResult> TellAsync(
            object message, IActorRef? sender = null, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(SendResult.Accepted);

        public bool Equals(IActorRef? other) => ReferenceEquals(this, other);
    }
}
