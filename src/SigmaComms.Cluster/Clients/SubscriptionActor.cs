using SigmaComms.Actors;
using SigmaComms.Cluster.Membership;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Clients;

/// <summary>Keeps one client reading from the best node that can be used, and moves when the view changes.</summary>
internal sealed class SubscriptionActor : ReceiveActor
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly NodeContext _node;
    private readonly LocalStore _store;
    private readonly SubscriptionTable _table;
    private readonly ClientSession _session;
    private readonly ReplyTo _reply;
    private readonly ulong _stamp;
    private NodeId? _holder;
    private long _holderSession;
    private bool _opening;
    private bool _moveAgain;
    private bool _fresh = true;

    public SubscriptionActor(
        NodeContext node, LocalStore store, SubscriptionTable table, StartSubscription start, ulong stamp)
    {
        _node = node;
        _store = store;
        _table = table;
        _session = start.Session;
        _reply = start.Reply;
        _stamp = stamp;
        Receive<ViewChanged>(_ => Move());
        Receive<Retry>(_ => Move());
        Receive<Opened>(OnOpened);
        Receive<SubscriptionEnded>(_ => OnEnded());
        Receive<SubscriptionReplaced>(_ => OnReplaced());
        Receive<SubscriptionClosed>(_ => Context.Stop(Self));
    }

    private NodeId Device => _session.Device;

    protected override ValueTask PreStart()
    {
        _table.Add(Device, _stamp, _session, Self);
        Context.PipeToSelf(_session.Closed, _ => new SubscriptionClosed(), _ => new SubscriptionClosed());
        Move();
        return ValueTask.CompletedTask;
    }

    protected override async ValueTask PostStop()
    {
        _table.Remove(Device, _stamp);
        CloseAtHolder();
        await _reply.RefuseAsync(RefusalReason.Unavailable, "the subscription ended; try again");
    }

    private void Move()
    {
        if (_opening)
        {
            _moveAgain = true;
            return;
        }

        NodeId best = _node.View.RankUp(Device)[0];
        long session = SessionOf(best);
        if (_holder == best && _holderSession == session)
        {
            return;
        }

        if (_holder is { } before && before != best)
        {
            CloseAtHolder();
        }

        _holder = null;
        _opening = true;
        Context.PipeToSelf(
            OpenAsync(best),
            answer => new Opened(best, session, answer),
            error => new Opened(best, session, new Refused(RefusalReason.Unavailable, error.Message)));
    }

    private long SessionOf(NodeId holder) => holder == _node.Self ? 0 : _node.Links.Find(holder)?.Session ?? -1;

    private async Task<LinkMessage> OpenAsync(NodeId holder)
    {
        var open = new OpenMailbox(Device, _stamp, _fresh) { Claim = _node.ClaimFor(Device, [holder]) };
        if (holder == _node.Self)
        {
            return await _store.OpenAsync(open, new LocalSubscriber(_session, Self));
        }

        if (_node.Links.Find(holder) is not { } links)
        {
            return new Refused(RefusalReason.Unavailable, "not linked");
        }

        LinkMessage answer = await links.Bulk.RequestAsync(open, _node.Options.RequestTimeout, Context.StopToken);
        if (answer is Refused { Reason: RefusalReason.StaleView })
        {
            await _node.Refresh.FromAsync(holder);
        }

        return answer;
    }

    private void OnOpened(Opened opened)
    {
        _opening = false;
        switch (opened.Answer)
        {
            case Done:
                _holder = opened.Holder;
                _holderSession = opened.Session;
                _fresh = false;
                _ = _reply.AnswerAsync(new Done()).AsTask();
                break;
            case Refused { Reason: RefusalReason.Replaced }:
                OnReplaced();
                return;
            default:
                Context.Timers.StartSingle(nameof(Retry), new Retry(), RetryDelay);
                break;
        }

        if (_moveAgain)
        {
            _moveAgain = false;
            Move();
        }
    }

    private void OnEnded()
    {
        _holder = null;
        Context.Timers.StartSingle(nameof(Retry), new Retry(), RetryDelay);
    }

    private void OnReplaced()
    {
        _session.TryPush(new Replaced());
        _holder = null;
        Context.Stop(Self);
    }

    private void CloseAtHolder()
    {
        if (_holder is not { } holder)
        {
            return;
        }

        _holder = null;
        var close = new CloseMailbox(Device, _stamp);
        if (holder == _node.Self)
        {
            _store.Close(close);
        }
        else
        {
            _node.Links.Find(holder)?.Bulk.TrySend(close);
        }
    }

    private sealed record Opened(NodeId Holder, long Session, LinkMessage Answer);

    private sealed record Retry;
}
