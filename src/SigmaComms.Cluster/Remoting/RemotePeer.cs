using SigmaComms.Actors;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Remoting;

/// <summary>
/// What this process shares with one other node: the actors each gave the other, what waits to be sent, and the steps
/// both must agree on. All of it belongs to one process of the peer and ends with that.
/// </summary>
/// <remarks>Safe to call from any thread. Nothing outside is called while its gate is held.</remarks>
internal sealed class RemotePeer
{
    private const int ResolvingMax = 1_024;

    private readonly RemoteActors _home;
    private readonly PeerTables _tables = new();
    private readonly PeerInbox _inbox;
    private IActorRef? _desk;
    private IRemoteLink? _link;
    private ulong _lastNumber;
    private ulong _oldestStepAtTick;
    private bool _isArriving;

    public RemotePeer(RemoteActors home, NodeId id)
    {
        _home = home;
        Id = id;
        _inbox = new PeerInbox(home, this, _tables);
    }

    public NodeId Id { get; }

    /// <summary>Actors of this process that the peer can address.</summary>
    public int Given
    {
        get
        {
            lock (_tables.Gate)
            {
                return _tables.Exports.Count;
            }
        }
    }

    /// <summary>Its actor stands; all it has to do is told to it again.</summary>
    public void Attach(IActorRef desk)
    {
        IReadOnlyList<IActorRef> given;
        lock (_tables.Gate)
        {
            _desk = desk;
            _tables.Control.IsAwake = false;
            _tables.Bulk.IsAwake = false;
            given = _tables.Exports.Actors;
        }

        foreach (IActorRef actor in given)
        {
            desk.Tell(new ActorGiven(actor));
        }

        WakeLanes();
    }

    /// <summary>Both lanes to the peer can be used.</summary>
    public void LinkUp(ulong incarnation, IRemoteLink link)
    {
        PeerLeftovers? left = null;
        lock (_tables.Gate)
        {
            if (incarnation != _tables.Incarnation)
            {
                left = Restart(incarnation);
            }

            _link = link;
            _isArriving = false;
            _tables.AddUnacknowledgedSteps();
        }

        left?.Settle("a new process of the node");
        WakeLanes();
    }

    /// <summary>The links to the peer are gone. It may live: watches stay.</summary>
    /// <returns>False if they were gone before.</returns>
    public bool LinkDown(string reason)
    {
        PeerLeftovers left;
        lock (_tables.Gate)
        {
            if (_link is null && !_isArriving)
            {
                return false;
            }

            _link = null;
            _isArriving = false;
            left = _tables.TakeWaiting(ended: false);
        }

        left.Settle(reason);
        return true;
    }

    /// <summary>The node takes part no longer: its actors have ended for this one.</summary>
    public void Evict()
    {
        PeerLeftovers left;
        lock (_tables.Gate)
        {
            _link = null;
            _isArriving = false;
            left = Restart(incarnation: 0);
        }

        left?.Settle("the node was evicted");
    }

    /// <summary>Encodes a message and queues it.</summary>
    public SendResult Send(RemoteRef to, object message, IActorRef? sender)
    {
        if (_home.Messages.Find(message) is not { } kind)
        {
            return SendResult.NoCodec;
        }

        lock (_tables.Gate)
        {
            if (!CanSend(to))
            {
                return SendResult.Unreachable;
            }
        }

        var pointers = new PeerPointers(this);
        var writer = new WireWriter();
        if (!kind.TryWrite(message, writer, pointers))
        {
            return SendResult.NoCodec;
        }

        ActorPointer from = pointers.Point(sender);
        if (writer.Length > MessageRegistry.MessageBytesMax)
        {
            return SendResult.TooLarge;
        }

        if (pointers.IsOverfull)
        {
            return SendResult.Dropped;
        }

        OutboundLane lane = kind.Lane == Lane.Control ? _tables.Control : _tables.Bulk;
        lock (_tables.Gate)
        {
            if (!CanSend(to))
            {
                return SendResult.Unreachable;
            }

            var item = new ActorItem.Sent(
                _lastNumber + 1, to.Number, from, kind.Id, kind.Version, writer.WrittenMemory);
            if (!lane.TryAdd(new Outgoing(item, message, sender, to)))
            {
                return SendResult.Full;
            }

            _lastNumber++;
        }

        Wake(lane);
        return SendResult.Accepted;
    }

    /// <summary>Completes when messages of the kind were taken out of their lane.</summary>
    public Task WhenRoomFor(object message)
    {
        Lane lane = _home.Messages.Find(message)?.Lane ?? Lane.Bulk;
        lock (_tables.Gate)
        {
            return (lane == Lane.Control ? _tables.Control : _tables.Bulk).WhenRoom();
        }
    }

    /// <summary>Tells the owner of an actor whether it is watched from here, if that has changed.</summary>
    public void SyncWatch(RemoteRef actor)
    {
        lock (_tables.Gate)
        {
            _tables.AddWatchStep(actor);
        }

        Wake(_tables.Bulk);
    }

    /// <summary>An actor of this process has ended, or who asked was answered: it is addressed no longer.</summary>
    public void Forget(IActorRef actor)
    {
        bool tell;
        lock (_tables.Gate)
        {
            ulong watched = _tables.Exports.Take(actor);
            tell = watched != 0;
            if (tell)
            {
                _tables.Bulk.AddWord(_tables.Steps.Next(ActorStep.Ended, watched));
            }
        }

        if (tell)
        {
            Wake(_tables.Bulk);
        }
    }

    /// <summary>Asks the peer for the actor behind a name.</summary>
    /// <returns>Null if there is none for this node, or the peer cannot be reached.</returns>
    public async Task<IActorRef?> ResolveAsync(string name, TimeSpan timeout, CancellationToken ct)
    {
        var found = new TaskCompletionSource<IActorRef?>(TaskCreationOptions.RunContinuationsAsynchronously);
        ulong number;
        lock (_tables.Gate)
        {
            if ((_link is null && !_isArriving) || _tables.Resolving.Count >= ResolvingMax)
            {
                return null;
            }

            number = ++_lastNumber;
            _tables.Resolving.Add(number, found);
            _tables.Bulk.AddWord(new ActorItem.Resolve(number, name));
        }

        Wake(_tables.Bulk);
        // Not WaitAsync: that goes on in the thread pool, where a simulation cannot see it.
        await using ITimer timer = _home.System.Time.CreateTimer(
            _ => found.TrySetResult(null), null, timeout, Timeout.InfiniteTimeSpan);
        await using CancellationTokenRegistration giveUp = ct.UnsafeRegister(_ => found.TrySetCanceled(ct), null);
        try
        {
            return await found.Task;
        }
        finally
        {
            lock (_tables.Gate)
            {
                _tables.Resolving.Remove(number);
            }
        }
    }

    /// <summary>The next batch of a lane, or null if nothing waits or nothing can be sent.</summary>
    public OutgoingBatch? TakeBatch(Lane lane)
    {
        OutboundLane from = lane == Lane.Control ? _tables.Control : _tables.Bulk;
        lock (_tables.Gate)
        {
            if (_link is null || from.IsEmpty)
            {
                from.IsAwake = false;
                return null;
            }

            IReadOnlyList<Outgoing> words = from.TakeBatch();
            foreach (Outgoing word in words)
            {
                if (word.Item is ActorItem.Sent sent)
                {
                    _tables.Recent.Note(new SentMessage(sent.Number, word.Message!, word.Sender, word.Target!));
                }
            }

            var batch = new ActorBatch(_home.Incarnation, _tables.Incarnation, [.. words.Select(word => word.Item)]);
            return new OutgoingBatch(_link, batch, words);
        }
    }

    /// <summary>Sends steps again that were not acknowledged since the last tick.</summary>
    public void Tick()
    {
        lock (_tables.Gate)
        {
            ulong oldest = _tables.Steps.Unacknowledged.FirstOrDefault()?.Sequence ?? 0;
            if (_link is not null && oldest != 0 && oldest == _oldestStepAtTick)
            {
                _tables.AddUnacknowledgedSteps();
            }

            _oldestStepAtTick = oldest;
            _tables.Recent.Tick();
        }

        WakeLanes();
    }

    /// <summary>Takes a batch of the peer, in the order of arrival.</summary>
    public void Accept(ActorBatch batch)
    {
        if (batch.ToIncarnation != _home.Incarnation)
        {
            return;
        }

        PeerLeftovers? left = null;
        lock (_tables.Gate)
        {
            if (batch.FromIncarnation < _tables.Incarnation || batch.FromIncarnation == 0)
            {
                return;
            }

            if (batch.FromIncarnation > _tables.Incarnation)
            {
                left = Restart(batch.FromIncarnation);
            }

            // It speaks before its links were announced here: what is said to it meanwhile waits for them.
            _isArriving |= _link is null;
        }

        left?.Settle("a new process of the node");
        bool stepped = false;
        foreach (ActorItem item in batch.Items)
        {
            stepped |= item is ActorItem.Step;
            _inbox.Accept(item);
        }

        if (stepped)
        {
            lock (_tables.Gate)
            {
                _tables.Bulk.AddWord(new ActorItem.StepsTaken(_tables.Steps.Taken));
            }
        }

        WakeLanes();
    }

    /// <summary>How an actor is written to the peer; its number is 0 if it cannot be given.</summary>
    public ActorPointer Point(IActorRef? actor)
    {
        if (actor is null)
        {
            return default;
        }

        ulong number;
        bool isFresh;
        lock (_tables.Gate)
        {
            if (actor is RemoteRef remote && ReferenceEquals(remote.Peer, this)
                && remote.Incarnation == _tables.Incarnation)
            {
                return new ActorPointer(ActorOwner.ReceivingNode, remote.Number);
            }

            number = _tables.Exports.Give(actor, out isFresh);
        }

        if (isFresh && ForeignActorRef.IsActor(actor))
        {
            _desk?.Tell(new ActorGiven(actor));
        }

        return new ActorPointer(ActorOwner.SendingNode, number);
    }

    /// <summary>The actor that the peer wrote, or null if there are too many; one that is gone takes nothing.</summary>
    public IActorRef? Find(ActorPointer pointer)
    {
        lock (_tables.Gate)
        {
            return pointer.Owner == ActorOwner.SendingNode
                ? _tables.Imports.Get(pointer.Actor, MakeRef)
                : _tables.Exports.Find(pointer.Actor) ?? GoneActor(pointer.Actor);
        }
    }

    private bool CanSend(RemoteRef to) => to.Incarnation == _tables.Incarnation && (_link is not null || _isArriving);

    private PeerLeftovers Restart(ulong incarnation)
    {
        _oldestStepAtTick = 0;
        return _tables.Begin(incarnation);
    }

    private RemoteRef MakeRef(ulong number) => new(this, _tables.Incarnation, number, _home.System);

    private RemoteRef GoneActor(ulong number)
    {
        var gone = new RemoteRef(this, _home.Incarnation, number, _home.System);
        gone.End();
        return gone;
    }

    private void WakeLanes()
    {
        Wake(_tables.Control);
        Wake(_tables.Bulk);
    }

    private void Wake(OutboundLane lane)
    {
        IActorRef? desk = null;
        lock (_tables.Gate)
        {
            if (_link is not null && !lane.IsEmpty && !lane.IsAwake && _desk is not null)
            {
                lane.IsAwake = true;
                desk = _desk;
            }
        }

        if (desk is not null && desk.TryTell(new LaneAwake(lane.Lane)) != SendResult.Accepted)
        {
            // The next tick of the desk, or the next desk, tries again.
            lock (_tables.Gate)
            {
                lane.IsAwake = false;
            }
        }
    }
}
