using SigmaComms.Actors.TestKit;
using SigmaComms.Cluster.Remoting.Reliable;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests.Remoting;

/// <summary>A producer and a consumer that restart now and then, and a way between that keeps no promise.</summary>
internal sealed class BadWay
{
    public const int Messages = 500;

    private readonly ReliableOptions _options = new() { WindowMessages = 32, ResendMax = 8 };
    private readonly VirtualTime _time = new();
    private readonly List<ReliableMessage> _there = [];
    private readonly List<ReliableAck> _back = [];
    private readonly Digest16 _stream;
    private readonly Random _random;
    private ReliableProducer _producer;
    private ReliableConsumer _consumer;
    private ulong _stored;

    public BadWay(Digest16 stream, Random random)
    {
        _stream = stream;
        _random = random;
        _producer = new ReliableProducer(stream, _options, _time);
        _consumer = new ReliableConsumer(stream, _options);
    }

    public List<ulong> Effects { get; } = [];

    public ulong Acknowledged => _producer.Acknowledged;

    public void Step()
    {
        while (_producer.LastSequence < Messages && _producer.TryAdd(new byte[8]) is { } fresh)
        {
            Throw(_there, fresh);
        }

        _time.Advance(TimeSpan.FromMilliseconds(100));
        foreach (ReliableMessage again in _producer.TakeDue())
        {
            Throw(_there, again);
        }

        Consume();
        while (_back.Count > 0)
        {
            _producer.Take(Catch(_back));
        }

        if (_random.Next(20) == 0)
        {
            _consumer = new ReliableConsumer(_stream, _options, _stored);
            _producer = new ReliableProducer(
                _stream, _options, _time, _producer.Acknowledged, [.. _producer.Unacknowledged]);
        }
    }

    private void Consume()
    {
        while (_there.Count > 0)
        {
            foreach (ReliableMessage ready in _consumer.Take(Catch(_there)))
            {
                Effects.Add(ready.Sequence);
                _stored = ready.Sequence;
                _consumer.Confirm(_stored);
            }

            Throw(_back, _consumer.Ack);
        }
    }

    private void Throw<T>(List<T> way, T item)
    {
        for (int copies = _random.Next(10) switch { < 3 => 0, < 8 => 1, _ => 2 }; copies > 0; copies--)
        {
            way.Insert(_random.Next(way.Count + 1), item);
        }
    }

    private static T Catch<T>(List<T> way)
    {
        T item = way[^1];
        way.RemoveAt(way.Count - 1);
        return item;
    }
}
