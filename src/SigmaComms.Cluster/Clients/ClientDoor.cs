using System.Collections.Concurrent;
using SigmaComms.Actors;
using SigmaComms.Cluster.Peers;
using SigmaComms.Cluster.Storage.Doors;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Clients;

/// <summary>Lets clients in up to the caps, looks after silent ones, and tells all when the node stops.</summary>
internal sealed class ClientDoor(
    NodeContext node, EntryRouter router, LocalStore store, StorageDoor storage, IActorRef clients) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ClientSession, string> _sessions = new();
    private readonly Dictionary<string, int> _perAddress = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly SenderLimits _limits = new(node);
    private ITimer? _sweep;
    private int _count;
    private bool _closing;

    /// <summary>Clients connected.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Begins to look after silent clients.</summary>
    public void Open()
    {
        TimeSpan interval = node.Options.ClientSilenceMax / 4;
        _sweep = node.Time.CreateTimer(_ => Sweep(), null, interval, interval);
    }

    /// <summary>Lets a client in, or says why not.</summary>
    /// <param name="link">Its link; its messages go to its session from now on.</param>
    /// <param name="channel">Who it is and where it comes from.</param>
    public LinkMessage Admit(LinkConnection link, SecuredChannel channel)
    {
        if (TryEnter(channel.RemoteAddress) is { } refusal)
        {
            return refusal;
        }

        _limits.Enter(link.PeerId);
        var session = new ClientSession(
            node, router, store, clients, _limits, storage, link, channel.PeerPublicKey);
        _sessions[session] = channel.RemoteAddress;
        link.OnMessage = session.HandleAsync;
        _ = LeaveAtEndAsync(session);
        return new Welcome(node.Options.Cluster, node.Incarnation, node.Admission.Encoded);
    }

    /// <summary>Tells every client that the node stops. May be called twice.</summary>
    public async ValueTask DisposeAsync()
    {
        _closing = true;
        if (_sweep is not null)
        {
            await _sweep.DisposeAsync();
        }

        await Task.WhenAll(_sessions.Keys.Select(session => session.CloseAsync().AsTask()));
    }

    private Refused? TryEnter(string address)
    {
        lock (_gate)
        {
            if (_closing)
            {
                return new Refused(RefusalReason.ShuttingDown, "the node is stopping; use another");
            }

            if (_count >= node.Options.ClientsMax)
            {
                return new Refused(RefusalReason.Overloaded, "the node serves as many clients as it may; use another");
            }

            int here = _perAddress.GetValueOrDefault(address);
            if (here >= node.Options.ClientsPerAddressMax)
            {
                return new Refused(RefusalReason.Overloaded, "too many clients are connected from this address");
            }

            _perAddress[address] = here + 1;
            _count++;
            return null;
        }
    }

    private async Task LeaveAtEndAsync(ClientSession session)
    {
        await session.Closed;
        _limits.Leave(session.Device);
        session.Leave();
        if (!_sessions.TryRemove(session, out string? address))
        {
            return;
        }

        lock (_gate)
        {
            _count--;
            if (--_perAddress[address] == 0)
            {
                _perAddress.Remove(address);
            }
        }
    }

    private void Sweep()
    {
        foreach (ClientSession session in _sessions.Keys)
        {
            if (node.Now - session.LastHeard > node.Options.ClientSilenceMax)
            {
                _ = session.ProbeAsync();
            }
        }
    }
}
