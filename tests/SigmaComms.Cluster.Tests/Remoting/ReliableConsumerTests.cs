using SigmaComms.Actors;
using SigmaComms.Actors.TestKit;
using SigmaComms.Cluster.Remoting.Reliable;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests.Remoting;

public sealed class ReliableConsumerTests
{
    private static readonly Digest16 Stream = new(new byte[16]);

    [Fact]
    public void Messages_in_order_are_handed_out_one_by_one()
    {
        var consumer = new ReliableConsumer(Stream, new ReliableOptions());

        Assert.Equal([1UL], Take(consumer, 1));
        Assert.Equal([2UL], Take(consumer, 2));
    }

    [Fact]
    public void What_came_early_waits_for_the_one_before_it()
    {
        var consumer = new ReliableConsumer(Stream, new ReliableOptions());

        Assert.Empty(Take(consumer, 3));
        Assert.Empty(Take(consumer, 2));
        Assert.Equal([1UL, 2, 3], Take(consumer, 1));
        Assert.Equal(0, consumer.Early);
    }

    [Fact]
    public void A_doubled_message_is_handed_out_once_and_acknowledged_again()
    {
        var consumer = new ReliableConsumer(Stream, new ReliableOptions());
        Take(consumer, 1);
        consumer.Confirm(1);

        Assert.Empty(Take(consumer, 1));
        Assert.Equal(1UL, consumer.Ack.UpTo);
    }

    [Fact]
    public void Nothing_is_acknowledged_before_it_is_confirmed()
    {
        var consumer = new ReliableConsumer(Stream, new ReliableOptions());
        Take(consumer, 1);
        Take(consumer, 2);

        Assert.Equal(0UL, consumer.Ack.UpTo);
        Assert.Equal(1UL, consumer.Confirm(1).UpTo);
    }

    [Fact]
    public void What_was_not_handed_out_cannot_be_confirmed()
    {
        var consumer = new ReliableConsumer(Stream, new ReliableOptions());
        Take(consumer, 2);

        Assert.Throws<ArgumentOutOfRangeException>(() => consumer.Confirm(1));
    }

    [Fact]
    public void A_restart_from_the_stored_position_does_nothing_twice()
    {
        var before = new ReliableConsumer(Stream, new ReliableOptions());
        Take(before, 1);
        Take(before, 2);
        before.Confirm(1);

        var after = new ReliableConsumer(Stream, new ReliableOptions(), before.Position);

        Assert.Empty(Take(after, 1));
        Assert.Equal([2UL], Take(after, 2));
    }

    [Fact]
    public void What_is_taken_back_is_handed_out_again_when_it_comes_again()
    {
        var consumer = new ReliableConsumer(Stream, new ReliableOptions());
        Take(consumer, 1);
        consumer.TakeBack();

        Assert.Equal([1UL], Take(consumer, 1));
    }

    [Fact]
    public void Messages_beyond_the_window_are_not_kept()
    {
        var consumer = new ReliableConsumer(Stream, new ReliableOptions { WindowMessages = 4 });

        Take(consumer, 4);
        Take(consumer, 5);
        Take(consumer, ulong.MaxValue);

        Assert.Equal(1, consumer.Early);
    }

    [Fact]
    public void Early_bytes_beyond_the_window_are_not_kept_but_the_next_message_is()
    {
        var consumer = new ReliableConsumer(Stream, new ReliableOptions { WindowBytes = 1_024 });

        consumer.Take(new ReliableMessage(Stream, 2, new byte[1_000]));
        consumer.Take(new ReliableMessage(Stream, 3, new byte[1_000]));
        int early = consumer.Early;
        IReadOnlyList<ReliableMessage> ready = consumer.Take(new ReliableMessage(Stream, 1, new byte[2_000]));

        Assert.Equal(1, early);
        Assert.Equal([1UL, 2], ready.Select(message => message.Sequence));
    }

    [Fact]
    public void A_message_of_another_stream_is_ignored()
    {
        var consumer = new ReliableConsumer(Stream, new ReliableOptions());
        var other = new Digest16([.. Enumerable.Repeat((byte)1, 16)]);

        Assert.Empty(consumer.Take(new ReliableMessage(other, 1, default)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Over_a_way_that_loses_doubles_and_reorders_each_message_has_its_effect_once_and_in_order(int seed)
    {
        Console.WriteLine($"seed {seed}");
        var way = new BadWay(Stream, new Random(seed));

        for (int step = 0; way.Acknowledged < BadWay.Messages; step++)
        {
            Assert.True(step < 100_000, $"seed {seed}: stuck at {way.Acknowledged}");
            way.Step();
        }

        Assert.Equal(Enumerable.Range(1, BadWay.Messages).Select(i => (ulong)i), way.Effects);
    }

    [Fact]
    public void Between_actors_of_two_nodes_a_dropped_link_costs_no_message()
    {
        var pair = new RemotePair(ReliableCodecs.Register, ReliableCodecs.Register);
        var effects = new List<ulong>();
        IActorRef receiver = pair.Right.System.ActorOf(Props.Create(() => new Receiver(effects)), "receiver");
        IActorRef remote = pair.Find(receiver);
        var acknowledged = new List<ulong>();
        IActorRef sender = pair.Left.System.ActorOf(Props.Create(() => new Sender(remote, acknowledged)), "sender");

        for (int round = 0; round < 5; round++)
        {
            for (int i = 0; i < 20; i++)
            {
                sender.Tell(new byte[] { (byte)i });
            }

            // Half of it is on its way when the link drops.
            pair.Left.System.RunUntilIdle();
            pair.Drop();
            pair.Advance(1);
            pair.Connect();
        }

        pair.Advance(60);

        Assert.Equal(Enumerable.Range(1, 100).Select(i => (ulong)i), effects);
        Assert.Equal(100UL, acknowledged[^1]);
    }

    private static IEnumerable<ulong> Take(ReliableConsumer consumer, ulong sequence) =>
        [.. consumer.Take(new ReliableMessage(Stream, sequence, default)).Select(message => message.Sequence)];

    private sealed class Sender : ReceiveActor
    {
        private readonly ReliableProducer _producer;

        public Sender(IActorRef to, List<ulong> acknowledged)
        {
            _producer = new ReliableProducer(Stream, new ReliableOptions(), Context.System.Time);
            Context.Timers.StartPeriodic("due", "due", TimeSpan.FromMilliseconds(100));
            Receive<byte[]>(payload => to.Tell(_producer.TryAdd(payload)!, Self));
            Receive<string>(_ =>
            {
                foreach (ReliableMessage due in _producer.TakeDue())
                {
                    to.Tell(due, Self);
                }
            });
            Receive<ReliableAck>(ack =>
            {
                _producer.Take(ack);
                acknowledged.Add(_producer.Acknowledged);
            });
        }
    }

    private sealed class Receiver : ReceiveActor
    {
        private readonly ReliableConsumer _consumer = new(Stream, new ReliableOptions());

        public Receiver(List<ulong> effects) => Receive<ReliableMessage>(message =>
        {
            foreach (ReliableMessage ready in _consumer.Take(message))
            {
                effects.Add(ready.Sequence);
                _consumer.Confirm(ready.Sequence);
            }

            Sender?.Tell(_consumer.Ack, Self);
        });
    }
}
