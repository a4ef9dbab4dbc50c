using SigmaComms.Actors.TestKit;
using SigmaComms.Cluster.Remoting.Reliable;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests.Remoting;

public sealed class ReliableProducerTests
{
    private static readonly Digest16 Stream = new(new byte[16]);
    private readonly VirtualTime _time = new();

    [Fact]
    public void Messages_are_numbered_from_one_without_gap()
    {
        ReliableProducer producer = Make();

        Assert.Equal([1UL, 2, 3], Add(producer, 3));
    }

    [Fact]
    public void Nothing_is_due_before_its_wait_is_over_and_all_is_after_it()
    {
        ReliableProducer producer = Make();
        Add(producer, 2);

        _time.Advance(TimeSpan.FromMilliseconds(199));
        int before = producer.TakeDue().Count;
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(0, before);
        Assert.Equal([1UL, 2], producer.TakeDue().Select(message => message.Sequence));
    }

    [Fact]
    public void Each_wait_is_twice_the_one_before_up_to_the_longest()
    {
        ReliableProducer producer = Make(new ReliableOptions { WaitMax = TimeSpan.FromSeconds(1) });
        Add(producer, 1);
        var waits = new List<double>();

        for (int i = 0; i < 6; i++)
        {
            TimeSpan wait = producer.UntilDue!.Value;
            waits.Add(wait.TotalMilliseconds);
            _time.Advance(wait);
            Assert.Single(producer.TakeDue());
        }

        Assert.Equal([200.0, 400, 800, 1_000, 1_000, 1_000], waits);
    }

    [Fact]
    public void An_acknowledgement_frees_all_up_to_it_and_begins_the_waits_anew()
    {
        ReliableProducer producer = Make();
        Add(producer, 5);
        _time.Advance(TimeSpan.FromMilliseconds(200));
        producer.TakeDue();

        int news = producer.Take(new ReliableAck(Stream, 3));

        Assert.Equal(3, news);
        Assert.Equal([4UL, 5], producer.Unacknowledged.Select(message => message.Sequence));
        Assert.Equal(TimeSpan.FromMilliseconds(200), producer.UntilDue);
    }

    [Fact]
    public void Old_doubled_foreign_and_impossible_acknowledgements_change_nothing()
    {
        ReliableProducer producer = Make();
        Add(producer, 5);
        producer.Take(new ReliableAck(Stream, 3));

        int[] news =
        [
            producer.Take(new ReliableAck(Stream, 3)),
            producer.Take(new ReliableAck(Stream, 1)),
            producer.Take(new ReliableAck(Stream, 6)),
            producer.Take(new ReliableAck(Stream, ulong.MaxValue)),
            producer.Take(new ReliableAck(new Digest16([.. Enumerable.Repeat((byte)1, 16)]), 5)),
        ];

        Assert.All(news, count => Assert.Equal(0, count));
        Assert.Equal(2, producer.Unacknowledged.Count);
    }

    [Fact]
    public void A_full_window_takes_nothing_until_an_acknowledgement_comes()
    {
        ReliableProducer producer = Make(new ReliableOptions { WindowMessages = 2 });
        Add(producer, 2);

        ReliableMessage? refused = producer.TryAdd(new byte[1]);
        producer.Take(new ReliableAck(Stream, 1));
        ReliableMessage? taken = producer.TryAdd(new byte[1]);

        Assert.Null(refused);
        Assert.Equal(3UL, taken!.Sequence);
    }

    [Fact]
    public void The_window_is_bounded_in_bytes_too_but_one_message_always_fits()
    {
        ReliableProducer producer = Make(new ReliableOptions { WindowBytes = 1_024 });

        ReliableMessage? large = producer.TryAdd(new byte[2_000]);
        ReliableMessage? next = producer.TryAdd(new byte[1]);

        Assert.NotNull(large);
        Assert.Null(next);
    }

    [Fact]
    public void Only_some_of_the_oldest_are_sent_again_at_a_time()
    {
        ReliableProducer producer = Make(new ReliableOptions { ResendMax = 3 });
        Add(producer, 10);
        _time.Advance(TimeSpan.FromMilliseconds(200));

        Assert.Equal([1UL, 2, 3], producer.TakeDue().Select(message => message.Sequence));
    }

    [Fact]
    public void Nothing_is_ever_due_once_all_is_acknowledged()
    {
        ReliableProducer producer = Make();
        Add(producer, 2);
        producer.Take(new ReliableAck(Stream, 2));
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Null(producer.UntilDue);
        Assert.Empty(producer.TakeDue());
    }

    [Fact]
    public void After_a_restart_what_was_kept_is_due_at_once_and_numbers_go_on()
    {
        ReliableProducer before = Make();
        Add(before, 5);
        before.Take(new ReliableAck(Stream, 2));

        var after = new ReliableProducer(
            Stream, new ReliableOptions(), _time, before.Acknowledged, [.. before.Unacknowledged]);

        Assert.Equal([3UL, 4, 5], after.TakeDue().Select(message => message.Sequence));
        Assert.Equal(6UL, after.TryAdd(new byte[1])!.Sequence);
    }

    [Fact]
    public void Kept_messages_with_a_gap_are_refused()
    {
        ReliableMessage third = new(Stream, 3, default);

        Assert.Throws<ArgumentException>(
            () => new ReliableProducer(Stream, new ReliableOptions(), _time, 1, [third]));
    }

    private static IReadOnlyList<ulong> Add(ReliableProducer producer, int count) =>
        [.. Enumerable.Range(0, count).Select(i => producer.TryAdd(new byte[] { (byte)i })!.Sequence)];

    private ReliableProducer Make(ReliableOptions? options = null) =>
        new(Stream, options ?? new ReliableOptions(), _time);
}
