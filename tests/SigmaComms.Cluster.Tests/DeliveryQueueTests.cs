using SigmaComms.Cluster.Mailboxes;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Messaging.Links;
using Xunit.Abstractions;

namespace SigmaComms.Cluster.Tests;

public sealed class DeliveryQueueTests(ITestOutputHelper output)
{
    private const int Window = 4;
    private readonly MailboxState _state = new();
    private readonly DeliveryQueue _queue = new(Window);
    private readonly Reader _reader = new();
    private int _stored;

    [Fact]
    public void A_reader_that_keeps_up_needs_no_read_and_a_full_window_keeps_a_bounded_part_in_memory()
    {
        Open();
        for (int i = 0; i < 100; i++)
        {
            Store(10_000);
            _queue.Deliver();
        }

        long inMemory = _state.Entries.Where(entry => entry.Content is not null).Sum(entry => entry.Size);

        Assert.Equal(Window, _reader.Taken.Count);
        Assert.InRange(inMemory, 200_000, 256 * 1024);
    }

    [Fact]
    public void One_read_serves_many_acknowledgements()
    {
        for (int i = 0; i < 100; i++)
        {
            Store(1_000);
        }

        Open();
        int reads = 0;
        while (_reader.Taken.Count < 100)
        {
            reads += DeliverReading();
            Acknowledge(_reader.Taken[^1]);
        }

        Assert.Equal(1, reads);
        Assert.Equal(Enumerable.Range(0, 100).Select(SimClient.Id), _reader.Taken);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void Whatever_comes_in_between_all_is_delivered_in_order_and_memory_stays_bounded(int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (int step = 0; step < 3_000; step++)
        {
            switch (random.Next(12))
            {
                case 0:
                    Open();
                    break;
                case 1:
                    _queue.Close((ulong)_reader.Stamp);
                    break;
                case < 6:
                    Store(random.Next(50_000));
                    break;
                case < 9 when _state.Count > 0:
                    Acknowledge(_state.Entries.ElementAt(random.Next(_state.Count)).Id);
                    break;
                default:
                    DeliverReading();
                    break;
            }

            long inMemory = _state.Entries.Where(entry => entry.Content is not null).Sum(entry => entry.Size);
            Assert.InRange(inMemory, 0, 2 * 256 * 1024);
        }

        Open();
        for (int left = _state.Count; left > 0; left--)
        {
            DeliverReading();
            _reader.Taken.ToList().ForEach(Acknowledge);
        }

        Assert.Equal(0, _state.Count);
        Assert.True(_reader.IsInOrder);
    }

    private void Open()
    {
        _reader.Begin();
        Assert.True(_queue.TryOpen(new OpenSubscription(_reader, (ulong)_reader.Stamp, true), _state.Entries));
    }

    private void Store(int bytes)
    {
        HeldMessage message = Message(_stored, bytes);
        _queue.Add(_state.Add(message, ++_stored, TimeSpan.Zero), message);
    }

    private void Acknowledge(Digest16 id)
    {
        if (_state.Remove(id) is { } entry)
        {
            _queue.Forget(entry);
        }
    }

    private int DeliverReading()
    {
        int reads = 0;
        while (_queue.Deliver() == DeliveryStep.NeedsContent)
        {
            reads++;
            _queue.Load([.. _queue.NextToRead().Select(entry => Message((int)entry.Sequence - 1, 1))], _state);
        }

        return reads;
    }

    private static HeldMessage Message(int number, int bytes) => new(
        SimCluster.IdentityOf(2_001).Id, SimClient.Id(number), ulong.MaxValue, new byte[bytes]);

    private sealed class Reader : IMailboxSubscriber
    {
        public List<Digest16> Taken { get; } = [];

        public long Stamp { get; private set; }

        public bool IsInOrder { get; private set; } = true;

        private int Last { get; set; } = -1;

        public void Begin()
        {
            Stamp++;
            Last = -1;
        }

        public bool TryDeliver(HeldMessage message)
        {
            int number = BitConverter.ToInt32(message.MessageId.ToArray());
            IsInOrder &= number > Last;
            Last = number;
            Taken.Add(message.MessageId);
            return true;
        }

        public void Replaced()
        {
            // The queue tells it; nothing to do here.
        }

        public void Ended()
        {
            // As above.
        }
    }
}
