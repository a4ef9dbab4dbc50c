using SigmaComms.Actors;
using SigmaComms.Cluster.Membership;
using SigmaComms.Cluster.Remoting;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Peers;

/// <summary>
/// Keeps the two lanes to one peer: the node with the lower id dials, at once and then with growing, spread waits.
/// Sends heartbeats, learns the peer's, and drops both links when it falls silent, so that every pending request
/// fails at once.
/// </summary>
internal sealed class PeerActor : ReceiveActor
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PauseTolerated = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan FiguresInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WaitMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the links of a node stay that the log has turned out: it hears there that it is final, and ends by
    /// itself.
    /// </summary>
    private static readonly TimeSpan PartingMax = TimeSpan.FromSeconds(10);


    private readonly NodeContext _node;
    private readonly NodeId _peer;
    private readonly IActorRef _membership;
    private readonly NodeLinkHandler _handler;
    private readonly PeerDialer _dialer;
    private readonly IdentityProof _proof;
    private readonly HashSet<Lane> _dialing = [];
    private readonly PauseWatch _pause;
    private LinkConnection? _control;
    private LinkConnection? _bulk;
    private ArrivalDetector _detector;
    private ulong _incarnation;
    private ulong _sequence;
    private uint _mailboxes;
    private bool _storageFailing;
    private TimeSpan _lastSent;
    private TimeSpan _lastFigures;
    private TimeSpan _paused;
    private TimeSpan? _partingSince;
    private int _failures;
    private bool _isUp;
    private bool _confirm;

    public PeerActor(NodeContext node, NodeId peer, IActorRef membership, NodeLinkHandler handler)
    {
        _node = node;
        _peer = peer;
        _membership = membership;
        _handler = handler;
        _dialer = new PeerDialer(node);
        _proof = new IdentityProof(node);
        _pause = new PauseWatch(PauseTolerated, node.Now);
        _detector = NewDetector();
        Receive<Member>(OnMember);
        Receive<LinkReady>(OnReady);
        Receive<LinkEnded>(OnEnded);
        Receive<DialFailed>(OnDialFailed);
        Receive<HeartbeatArrived>(OnHeartbeat);
        Receive<ConfirmAlive>(OnConfirm);
        Receive<Confirmation>(OnConfirmation);
        Receive<Tick>(_ => OnTick());
        Receive<DialNow>(_ => Dial());
    }

    private bool Dials => _node.Self < _peer;

    private bool HasEnded => _node.Authority.IsTurnedOut(_peer)
        || (_node.View.Members.TryGetValue(_peer, out Member? member) && member.IsEnded(_node.Time.GetUtcNow()));

    protected override ValueTask PreStart()
    {
        Context.Timers.StartPeriodic(nameof(Tick), new Tick(), TickInterval);
        Dial();
        return ValueTask.CompletedTask;
    }

    protected override ValueTask PostStop()
    {
        Drop("this node stops the link", tellMembership: false);
        return ValueTask.CompletedTask;
    }

    private ArrivalDetector NewDetector() => new(
        _node.Options.HeartbeatInterval, _node.Options.SuspicionMin, _node.Options.SuspicionMax, _node.Now);

    private void OnMember(Member member)
    {
        if (member.Incarnation > _incarnation && _incarnation != 0)
        {
            Drop($"node {_peer.Short} has started anew", tellMembership: true);
            _incarnation = member.Incarnation;
        }

        _failures = 0;
        Dial();
    }

    private void Dial()
    {
        if (!Dials || !_node.View.Members.TryGetValue(_peer, out Member? member) || HasEnded)
        {
            return;
        }

        foreach (Lane lane in new[] { Lane.Control, Lane.Bulk })
        {
            if (LinkOf(lane) is null && _dialing.Add(lane))
            {
                NodeEndpoint endpoint = member.Announcement.Endpoints[_failures % member.Announcement.Endpoints.Count];
                IActorRef self = Self;
                Context.PipeToSelf(
                    _dialer.DialAsync(
                        endpoint, _peer, lane, link => _handler.Bind(link, lane, self), Context.StopToken),
                    dialled => new LinkReady(lane, dialled.Link, dialled.Welcome.Incarnation),
                    error => new DialFailed(lane, error.Message, (error as LinkException)?.Refusal));
            }
        }
    }

    private void OnReady(LinkReady ready)
    {
        _dialing.Remove(ready.Lane);
        if (ready.Incarnation < _incarnation)
        {
            ready.Link.Abort("an older process of the peer");
            return;
        }

        if (ready.Incarnation > _incarnation && _incarnation != 0)
        {
            Drop($"node {_peer.Short} has started anew", tellMembership: true);
        }

        _incarnation = ready.Incarnation;
        _partingSince = null;
        LinkOf(ready.Lane)?.Abort("replaced by a newer link");
        if (ready.Lane == Lane.Control)
        {
            _control = ready.Link;
            _detector = NewDetector();
        }
        else
        {
            _bulk = ready.Link;
        }

        Context.PipeToSelf(
            ready.Link.Closed,
            closed => new LinkEnded(ready.Link, closed),
            error => new LinkEnded(ready.Link, new LinkClosed(null, error.Message, ByPeer: false, error)));
        if (_control is not null && _bulk is not null)
        {
            _isUp = true;
            _failures = 0;
            var links = new PeerLinks(_control, _bulk, _node.Links.NextSession());
            _node.Links.Set(_peer, links);
            _node.Remote.LinkUp(_peer, _incarnation, new PeerLinksCarrier(links));
            _node.Logger.PeerLinked(_peer.Short, _incarnation);
            _membership.Tell(new PeerUp(_peer, _incarnation));
        }
    }

    private void OnEnded(LinkEnded ended)
    {
        if (!ReferenceEquals(ended.Link, _control) && !ReferenceEquals(ended.Link, _bulk))
        {
            return;
        }

        if (ended.Closed is { ByPeer: false, Error: { } error })
        {
            _node.Logger.LinkHandlerFailed(error, _peer.Short);
        }

        Drop(ended.Closed.Detail, tellMembership: true);
        if (ended.Closed is { ByPeer: false, Error: not null }
            or { ByPeer: false, Reason: RefusalReason.Malformed or RefusalReason.TooLarge })
        {
            throw new PeerSessionException(_peer.Short, ended.Closed.Detail, ended.Closed.Error);
        }

        Dial();
    }

    private void OnDialFailed(DialFailed failed)
    {
        _dialing.Remove(failed.Lane);
        _node.Logger.DialFailed(_peer.Short, failed.Lane, failed.Detail);
        if (failed.Refusal is { } refusal && _proof.IsIn(refusal, asked: null))
        {
            _node.Fail(new ClusterException(
                ClusterFailure.IdentityInUse,
                $"node {_node.Self.Short} had to stop: {refusal.Detail}; stop the other, or give each its key"));
            return;
        }

        double factor = Math.Min(1 << Math.Min(_failures, 10), WaitMax / WaitMin);
        _failures++;
        Context.Timers.StartSingle(nameof(DialNow), new DialNow(), WaitMin * factor * (0.5 + (_node.Fraction() / 2)));
    }

    private void OnHeartbeat(HeartbeatArrived arrived)
    {
        _detector.Arrived(_node.Now);
        _mailboxes = arrived.Heartbeat.Mailboxes;
        if (_storageFailing != arrived.Heartbeat.StorageFailing)
        {
            _storageFailing = arrived.Heartbeat.StorageFailing;
            TellFigures();
        }

        if (_confirm && _isUp)
        {
            _confirm = false;
            _membership.Tell(new PeerConfirmed(_peer, default));
        }
    }

    private void OnConfirm(ConfirmAlive confirm)
    {
        if (_control is { } control)
        {
            Context.PipeToSelf(
                control.RequestAsync<AliveProof>(
                    new ProveAlive(confirm.Nonce), _node.Options.RequestTimeout, Context.StopToken).AsTask(),
                proof => new Confirmation(proof.Announcement),
                _ => new Confirmation(default));
        }
    }

    private void OnConfirmation(Confirmation confirmation)
    {
        if (confirmation.Proof.IsEmpty)
        {
            // It may be alive and not answer; then its next heartbeat tells, without proof.
            _confirm = true;
            return;
        }

        _membership.Tell(new PeerConfirmed(_peer, confirmation.Proof));
    }

    private void OnTick()
    {
        TimeSpan now = _node.Now;
        TimeSpan pause = _pause.Tick(now);
        if (pause > TimeSpan.Zero)
        {
            // What was not heard while this process stood still says nothing about the peer.
            _paused += pause;
            _detector.Forgive(now);
        }

        if (_control is null)
        {
            return;
        }

        if (HasEnded && !IsParting(now))
        {
            Drop($"the admission of node {_peer.Short} has ended", tellMembership: true);
            _node.Remote.Evict(_peer);
            return;
        }

        if (_detector.IsLate(now))
        {
            _node.Logger.PeerSilent(_peer.Short, (long)(now - _detector.LastHeard).TotalMilliseconds);
            Drop($"node {_peer.Short} fell silent", tellMembership: true);
            Dial();
            return;
        }

        if (now - _lastSent >= _node.Options.HeartbeatInterval - (TickInterval / 2))
        {
            _lastSent = now;
            _control.TrySend(new Heartbeat(
                _node.Incarnation,
                ++_sequence,
                (uint)Math.Min(uint.MaxValue, _paused.TotalMilliseconds),
                (uint)_node.Counters.Mailboxes,
                _node.Counters.IsStorageFailing));
            _paused = TimeSpan.Zero;
        }

        if (_isUp && now - _lastFigures >= FiguresInterval)
        {
            _lastFigures = now;
            _ = ProbeAsync(_control);
            TellFigures();
        }
    }

    // Who the log turned out learns of it from the log, as everybody does: cut off at once it never would.
    private bool IsParting(TimeSpan now)
    {
        if (!_node.Authority.IsTurnedOut(_peer))
        {
            return false;
        }

        _partingSince ??= now;
        return now - _partingSince < PartingMax;
    }

    private void TellFigures() => _membership.Tell(new PeerFigures(
        _peer, _control?.SmoothedRoundTrip ?? TimeSpan.Zero, _mailboxes, _storageFailing));

    private async Task ProbeAsync(LinkConnection control)
    {
        try
        {
            await control.RequestAsync(new Ping(), _node.Options.RequestTimeout, CancellationToken.None);
        }
        catch (LinkException)
        {
            // Only measures the round trip; the heartbeats judge the link.
        }
    }

    private LinkConnection? LinkOf(Lane lane) => lane == Lane.Control ? _control : _bulk;

    private void Drop(string detail, bool tellMembership)
    {
        LinkConnection? control = _control;
        LinkConnection? bulk = _bulk;
        _control = null;
        _bulk = null;
        _node.Links.Remove(_peer);
        _node.Remote.LinkDown(_peer, detail);
        control?.Abort(detail);
        bulk?.Abort(detail);
        _confirm = false;
        if (_isUp)
        {
            _isUp = false;
            _node.Logger.PeerLost(_peer.Short, detail);
        }

        if (tellMembership && (control is not null || bulk is not null))
        {
            _membership.Tell(new PeerLost(_peer, detail));
        }
    }

    private sealed record Tick;

    private sealed record DialNow;

    private sealed record Confirmation(ReadOnlyMemory<byte> Proof);
}
