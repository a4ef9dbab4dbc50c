using System.Threading.Channels;

namespace SigmaComms.Client.Agent;

/// <summary>What came in and is not marked, for one subscriber at a time.</summary>
internal sealed class AgentFeed
{
    private readonly Lock _gate = new();
    private readonly List<InboundItem> _unmarked = [];
    private Channel<InboundItem>? _subscriber;
    private Func<bool> _isSubscriberThere = static () => false;

    /// <summary>The name of an item in the protocol.</summary>
    public static string NameOf(InboundItem item) => $"{item.Key.Account}:{item.Key.Device}:{item.Counter}";

    /// <summary>Something came in.</summary>
    public void Add(InboundItem item)
    {
        lock (_gate)
        {
            _unmarked.Add(item);
            _subscriber?.Writer.TryWrite(item);
        }
    }

    /// <summary>Begins with what is not marked, until <see cref="Unsubscribe"/>.</summary>
    /// <param name="isThere">Whether who subscribes is still connected; asked when the next one comes.</param>
    /// <returns>Null while there is a subscriber: two of them would both get what neither has marked yet.</returns>
    public ChannelReader<InboundItem>? TrySubscribe(Func<bool> isThere)
    {
        lock (_gate)
        {
            if (_subscriber is not null && _isSubscriberThere())
            {
                return null;
            }

            // Bounded by what the inboxes hold.
            _subscriber = Channel.CreateUnbounded<InboundItem>();
            _isSubscriberThere = isThere;
            foreach (InboundItem item in _unmarked)
            {
                _subscriber.Writer.TryWrite(item);
            }

            return _subscriber.Reader;
        }
    }

    /// <summary>The subscriber has gone; the next one may come.</summary>
    /// <param name="items">What it was given.</param>
    public void Unsubscribe(ChannelReader<InboundItem> items)
    {
        lock (_gate)
        {
            _subscriber = _subscriber?.Reader == items ? null : _subscriber;
        }
    }

    /// <summary>Finds an item.</summary>
    /// <returns>Null if it is not known, or marked.</returns>
    public InboundItem? Find(string? name)
    {
        lock (_gate)
        {
            return _unmarked.Find(item => NameOf(item) == name);
        }
    }

    /// <summary>The item was marked.</summary>
    public void Remove(InboundItem item)
    {
        lock (_gate)
        {
            _unmarked.Remove(item);
        }
    }
}
