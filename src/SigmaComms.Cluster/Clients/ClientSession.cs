using System.Diagnostics;
using SigmaComms.Actors;
using SigmaComms.Cluster.Storage.Doors;
using SigmaComms.Cluster.Telemetry;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Clients;

/// <summary>One connected client: who it is, and what becomes of its requests.</summary>
internal sealed class ClientSession
{
    private readonly NodeContext _node;
    private readonly EntryRouter _router;
    private readonly LocalStore _store;
    private readonly IActorRef _clients;
    private readonly SenderLimits _limits;
    private readonly StorageDoor _storage;
    private readonly StorageGuest _guest;
    private readonly LinkConnection _link;
    private readonly ReadOnlyMemory<byte> _publicKey;
    private long _heardTicks;

    public ClientSession(
        NodeContext node,
        EntryRouter router,
        LocalStore store,
        IActorRef clients,
        SenderLimits limits,
        StorageDoor storage,
        LinkConnection link,
        ReadOnlyMemory<byte> publicKey)
    {
        _node = node;
        _router = router;
        _store = store;
        _clients = clients;
        _limits = limits;
        _storage = storage;
        _guest = storage.Enter(link.PeerId, isNode: false);
        _link = link;
        _publicKey = publicKey;
        _heardTicks = node.Now.Ticks;
    }

    /// <summary>The client's device, as its channel proved it.</summary>
    public NodeId Device => _link.PeerId;

    /// <summary>Completes when the client is gone.</summary>
    public Task<LinkClosed> Closed => _link.Closed;

    /// <summary>When it was last heard, on the monotonic clock.</summary>
    public TimeSpan LastHeard => new(Interlocked.Read(ref _heardTicks));

    /// <summary>Sends the client something; false if there is no room or it is gone.</summary>
    public bool TryPush(LinkMessage push) => _link.TrySend(push);

    /// <summary>The client is gone: what it held here is free again.</summary>
    public void Leave() => _guest.Dispose();

    /// <summary>Handles one message of the client.</summary>
    public async ValueTask HandleAsync(LinkMessage message, ReplyTo? reply)
    {
        Interlocked.Exchange(ref _heardTicks, _node.Now.Ticks);
        if (reply is null)
        {
            if (message is Acknowledge acknowledged)
            {
                await AcknowledgeAsync(acknowledged);
            }

            return;
        }

        if (message is Subscribe subscribe && subscribe.Device == Device)
        {
            _clients.Tell(new StartSubscription(this, reply));
            await reply.Answered;
            return;
        }

        await reply.AnswerAsync(_node.Meter.TimesRequests || NodeActivity.Source.HasListeners()
            ? await AnswerObservedAsync(message)
            : _limits.Objection(Device, message) ?? await AnswerAsync(message));
    }

    /// <summary>Asks a silent client for a sign of life, and ends its connection if there is none.</summary>
    public async Task ProbeAsync()
    {
        try
        {
            await _link.RequestAsync(new Ping(), _node.Options.RequestTimeout, CancellationToken.None);
            Interlocked.Exchange(ref _heardTicks, _node.Now.Ticks);
        }
        catch (LinkException)
        {
            _link.Abort("the client gave no sign of life");
        }
    }

    /// <summary>Tells the client that the node stops, and ends the connection.</summary>
    public ValueTask CloseAsync() => _link.CloseAsync(RefusalReason.ShuttingDown, "the node is stopping; use another");

    private async ValueTask<LinkMessage> AnswerObservedAsync(LinkMessage message)
    {
        using Activity? span = NodeActivity.Source.StartActivity(message.GetType().Name, ActivityKind.Server);
        long start = _node.Time.GetTimestamp();
        LinkMessage answer = _limits.Objection(Device, message) ?? await AnswerAsync(message);
        _node.Meter.NoteRequest(message, answer, _node.Time.GetElapsedTime(start));
        if (answer is Refused refused)
        {
            span?.SetStatus(ActivityStatusCode.Error, $"{refused.Reason}");
        }

        return answer;
    }

    private async ValueTask<LinkMessage> AnswerAsync(LinkMessage message) => message switch
    {
        Ping => new Pong(),
        Deposit deposit => await _router.DepositAsync(Device, deposit),
        PublishAccount publish => await _router.PublishAccountAsync(publish),
        FetchAccount fetch => await _router.FetchAccountAsync(fetch),
        GetLogProof ask => await _router.ProveAsync(ask),
        GetStateProof ask => await _router.ProveAsync(ask),
        SubmitCommands or ReadVault or ListVaults => await _router.AnswerVaultAsync(Device, message, Closed),
        FetchBundle fetch => await _router.FetchBundleAsync(fetch),
        PublishPrekeys publish when publish.Device == Device =>
            await _router.PublishPrekeysAsync(_publicKey, publish),
        CountPrekeys count when count.Device == Device => await _router.CountAsync(count),
        GetClusterStatus => _router.Status(),
        _ when StorageDoor.Takes(message) => await _storage.AnswerAsync(_guest, message),
        Subscribe or PublishPrekeys or CountPrekeys => new Refused(
            RefusalReason.NotAllowed, $"this connection proved to be device {Device.Short}, not that one"),
        _ => new Refused(RefusalReason.UnknownMessage, $"{message.GetType().Name} is not answered for clients"),
    };

    private async ValueTask AcknowledgeAsync(Acknowledge acknowledged)
    {
        var at = new AcknowledgeAt(Device, acknowledged.MessageIds);
        _store.Acknowledge(at);
        foreach (NodeId peer in _node.Links.Peers)
        {
            if (_node.Links.Find(peer)?.Bulk is { } bulk && !bulk.TrySend(at))
            {
                await SendAsync(bulk, at);
            }
        }
    }

    private static async ValueTask SendAsync(LinkConnection bulk, AcknowledgeAt at)
    {
        try
        {
            await bulk.SendAsync(at, CancellationToken.None);
        }
        catch (LinkException)
        {
            // The copy there is delivered again when the node is back, and acknowledged again.
        }
    }
}
