using System.Threading.Channels;

namespace SigmaComms.Client.Agent;

/// <summary>What came in and is not marked, for whoever subscribes; the last subscriber gets it.</summary>
internal sealed class AgentFeed
{
    private readonly Lock _gate = new();
    private readonly List<InboundItem> _unmarked = [];
    private Channel<InboundItem>? _subscriber;

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

    /// <summary>Begins with what is not marked. An earlier subscriber gets nothing more.</summary>
    public ChannelReader<InboundItem> Subscribe()
    {
        lock (_gate)
        {
            _subscriber?.Writer.TryComplete();

            // Bounded by what the inboxes hold.
            _subscriber = Channel.CreateUnbounded<InboundItem>();
            foreach (InboundItem item in _unmarked)
            {
                _subscriber.Writer.TryWrite(item);
            }

            return _subscriber.Reader;
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
