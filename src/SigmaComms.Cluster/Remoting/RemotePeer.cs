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

    private readonly Lock _gate = new();
    private readonly RemoteActors _home;
    private readonly ExportTable _exports = new();
    private readonly ImportTable _imports = new();
    private readonly StepLedger _steps = new();
    private readonly RecentSends _recent = new();
    private readonly OutboundLane _control = new(Lane.Control);
    private readonly OutboundLane _bulk = new(Lane.Bulk);
    private readonly Dictionary<ulong, TaskCompletionSource<IActorRef?>> _resolving = [];
    private IActorRef? _desk;
    private IRemoteLink? _link;
    private ulong _incarnation;
    private ulong _lastNumber;
    private ulong _oldestStepAtTick;
    private bool _isArriving;
    private bool _mustSyncWatches;

    public RemotePeer(RemoteActors home, NodeId id)
    {
        _home = home;
        Id = id;
    }

    public NodeId Id { get; }

    /// <summary>Actors of this process that the peer can address.</summary>
    public int Given
    {
        get
        {
            lock (_gate)
            {
                return _exports.Count;
            }
        }
    }

    /// <summary>Its actor stands; all it has to do is told to it again.</summary>
    public void Attach(IActorRef desk)
    {
        IReadOnlyList<IActorRef> given;
        lock (_gate)
        {
            _desk = desk;
            _control.IsAwake = false;
            _bulk.IsAwake = false;
            given = _exports.Actors;
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
        Leftovers left = default;
        lock (_gate)
        {
            if (incarnation != _incarnation)
            {
                left = Begin(incarnation);
            }

            _link = link;
            _isArriving = false;
            AddUnacknowledgedSteps();
        }

        Settle(left, "a new process of the node");
        WakeLanes();
    }

    /// <summary>The links to the peer are gone. It may live: watches stay.</summary>
    /// <returns>False if they were gone before.</returns>
    public bool LinkDown(string reason)
    {
        Leftovers left;
        lock (_gate)
        {
            if (_link is null && !_isArriving)
            {
                return false;
            }

            _link = null;
            _isArriving = false;
            left = TakeWaiting(_imports.All(), ended: false);
        }

        Settle(left, reason);
        return true;
    }

    /// <summary>The node takes part no longer: its actors have ended for this one.</summary>
    public void Evict()
    {
        Leftovers left;
        lock (_gate)
        {
            _link = null;
            _isArriving = false;
            left = Begin(incarnation: 0);
        }

        Settle(left, "the node was evicted");
    }

    /// <summary>Encodes a message and queues it.</summary>
    public SendResult Send(RemoteRef to, object message, IActorRef? sender)
    {
        if (_home.Messages.Find(message) is not { } kind)
        {
            return SendResult.NoCodec;
        }

        lock (_gate)
        {
            if (!CanSend(to))
            {
                return SendResult.Unreachable;
            }
        }

        var pointers = new PeerPointers(this);
        var writer = new WireWriter();
        kind.Write(message, writer, pointers);
        ActorPointer from = pointers.Point(sender);
        if (writer.Length > MessageRegistry.MessageBytesMax)
        {
            return SendResult.TooLarge;
        }

        if (pointers.IsOverfull)
        {
            return SendResult.Dropped;
        }

        OutboundLane lane = kind.Lane == Lane.Control ? _control : _bulk;
        lock (_gate)
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
        lock (_gate)
        {
            return (lane == Lane.Control ? _control : _bulk).WhenRoom();
        }
    }

    /// <summary>Tells the owner of an actor whether it is watched from here, if that has changed.</summary>
    public void SyncWatch(RemoteRef actor)
    {
        lock (_gate)
        {
            AddWatchStep(actor);
        }

        Wake(_bulk);
    }

    /// <summary>An actor of this process has ended, or an ask was answered: the peer can address it no longer.</summary>
    public void Forget(IActorRef actor)
    {
        bool tell;
        lock (_gate)
        {
            ulong watched = _exports.Take(actor);
            tell = watched != 0;
            if (tell)
            {
                _bulk.AddWord(_steps.Next(ActorStep.Ended, watched));
            }
        }

        if (tell)
        {
            Wake(_bulk);
        }
    }

    /// <summary>Asks the peer for the actor behind a name.</summary>
    /// <returns>Null if there is none for this node, or the peer cannot be reached.</returns>
    public async Task<IActorRef?> ResolveAsync(string name, TimeSpan timeout, CancellationToken ct)
    {
        var found = new TaskCompletionSource<IActorRef?>(TaskCreationOptions.RunContinuationsAsynchronously);
        ulong number;
        lock (_gate)
        {
            if ((_link is null && !_isArriving) || _resolving.Count >= ResolvingMax)
            {
                return null;
            }

            number = ++_lastNumber;
            _resolving.Add(number, found);
            _bulk.AddWord(new ActorItem.Resolve(number, name));
        }

        Wake(_bulk);
        try
        {
            return await found.Task.WaitAsync(timeout, _home.System.Time, ct);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            lock (_gate)
            {
                _resolving.Remove(number);
            }
        }
    }

    /// <summary>The next batch of a lane, or null if nothing waits or nothing can be sent.</summary>
    public OutgoingBatch? TakeBatch(Lane lane)
    {
        OutboundLane from = lane == Lane.Control ? _control : _bulk;
        lock (_gate)
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
                    _recent.Note(sent.Number, word);
                }
            }

            var batch = new ActorBatch(_home.Incarnation, _incarnation, [.. words.Select(word => word.Item)]);
            return new OutgoingBatch(_link, batch, words);
        }
    }

    /// <summary>Sends steps again that were not acknowledged since the last tick.</summary>
    public void Tick()
    {
        lock (_gate)
        {
            ulong oldest = _steps.Unacknowledged.FirstOrDefault()?.Sequence ?? 0;
            if (_link is not null && oldest != 0 && oldest == _oldestStepAtTick)
            {
                AddUnacknowledgedSteps();
            }

            _oldestStepAtTick = oldest;
        }

        Wake(_bulk);
    }

    /// <summary>Takes a batch of the peer, in the order of arrival.</summary>
    public void Accept(ActorBatch batch)
    {
        if (batch.ToIncarnation != _home.Incarnation)
        {
            return;
        }

        Leftovers left = default;
        lock (_gate)
        {
            if (batch.FromIncarnation < _incarnation || batch.FromIncarnation == 0)
            {
                return;
            }

            if (batch.FromIncarnation > _incarnation)
            {
                left = Begin(batch.FromIncarnation);
            }

            // It speaks before its links were announced here: what is said to it meanwhile waits for them.
            _isArriving |= _link is null;
        }

        Settle(left, "a new process of the node");
        bool stepped = false;
        foreach (ActorItem item in batch.Items)
        {
            stepped |= item is ActorItem.Step;
            AcceptItem(item);
        }

        if (stepped)
        {
            lock (_gate)
            {
                _bulk.AddWord(new ActorItem.StepsTaken(_steps.Taken));
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
        lock (_gate)
        {
            if (actor is RemoteRef remote && ReferenceEquals(remote.Peer, this) && remote.Incarnation == _incarnation)
            {
                return new ActorPointer(ActorOwner.ReceivingNode, remote.Number);
            }

            number = _exports.Give(actor, out isFresh);
        }

        if (isFresh && ForeignActorRef.IsActor(actor))
        {
            _desk?.Tell(new ActorGiven(actor));
        }

        return new ActorPointer(ActorOwner.SendingNode, number);
    }

    /// <summary>The actor that the peer wrote, or null if there are too many. One that is gone gets no message.</summary>
    public IActorRef? Find(ActorPointer pointer)
    {
        lock (_gate)
        {
            return pointer.Owner == ActorOwner.SendingNode
                ? _imports.Get(pointer.Actor, number => new RemoteRef(this, _incarnation, number, _home.System))
                : _exports.Find(pointer.Actor) ?? GoneActor(pointer.Actor);
        }
    }

    private bool CanSend(RemoteRef to) => to.Incarnation == _incarnation && (_link is not null || _isArriving);

    private void AcceptItem(ActorItem item)
    {
        switch (item)
        {
            case ActorItem.Sent sent:
                if (Deliver(sent) is { } refusal)
                {
                    AddWord(new ActorItem.NotTaken(sent.Number, refusal));
                }

                break;
            case ActorItem.NotTaken refused:
                OnRefused(refused);
                break;
            case ActorItem.Resolve question:
                IActorRef? named = _home.Named(question.Name, Id);
                AddWord(new ActorItem.Resolved(question.Number, Point(named).Actor));
                break;
            case ActorItem.Resolved answer:
                OnResolved(answer);
                break;
            case ActorItem.Step step:
                OnStep(step);
                break;
            case ActorItem.StepsTaken taken:
                OnStepsTaken(taken.Sequence);
                break;
        }
    }

    private ActorRefusal? Deliver(ActorItem.Sent sent)
    {
        IActorRef? target;
        lock (_gate)
        {
            target = _exports.Find(sent.To);
        }

        if (target is null)
        {
            return ActorRefusal.NoSuchActor;
        }

        var pointers = new PeerPointers(this);
        IActorRef? sender = pointers.Find(sent.Sender);
        ActorRefusal? refusal = _home.Messages.TryRead(
            sent.MessageId, sent.Version, sent.Payload.Span, pointers, out object? message);
        if (pointers.IsOverfull)
        {
            return ActorRefusal.TooManyActors;
        }

        if (refusal is null)
        {
            target.Tell(message!, sender);
        }

        return refusal;
    }

    private void OnRefused(ActorItem.NotTaken refused)
    {
        Outgoing sent;
        lock (_gate)
        {
            if (!_recent.TryTake(refused.Number, out sent))
            {
                return;
            }
        }

        string reason = $"remote: {refused.Reason}";
        sent.Target!.Undelivered(sent.Message!, sent.Sender, reason);
        if (sent.Sender is { } asker && !ForeignActorRef.IsActor(asker))
        {
            asker.Tell(new Failure(new AskTargetTerminatedException($"{sent.Target.Path} did not take it: {reason}.")));
        }
    }

    private void OnResolved(ActorItem.Resolved answer)
    {
        TaskCompletionSource<IActorRef?>? question;
        lock (_gate)
        {
            if (!_resolving.Remove(answer.Number, out question))
            {
                return;
            }
        }

        question.TrySetResult(
            answer.Actor == 0 ? null : Find(new ActorPointer(ActorOwner.SendingNode, answer.Actor)));
    }

    private void OnStep(ActorItem.Step step)
    {
        RemoteRef? ended = null;
        lock (_gate)
        {
            // A peer that never acknowledges what it caused is not listened to any further.
            if (_steps.IsOverdrawn || !_steps.TryTake(step.Sequence))
            {
                return;
            }

            switch (step.What)
            {
                case ActorStep.Watch when !_exports.TryWatch(step.Actor):
                    _bulk.AddWord(_steps.Next(ActorStep.Ended, step.Actor));
                    break;
                case ActorStep.Unwatch:
                    _exports.Unwatch(step.Actor);
                    break;
                case ActorStep.Ended:
                    ended = _imports.Find(step.Actor);
                    _imports.Remove(step.Actor);
                    break;
            }
        }

        ended?.End();
    }

    private void OnStepsTaken(ulong sequence)
    {
        lock (_gate)
        {
            _steps.Acknowledge(sequence);
            if (_mustSyncWatches && !_steps.IsOverdrawn)
            {
                _mustSyncWatches = false;
                foreach (RemoteRef actor in _imports.All())
                {
                    AddWatchStep(actor);
                }
            }
        }
    }

    private void AddWatchStep(RemoteRef actor)
    {
        bool isWatched = actor.IsWatched;
        if (actor.Incarnation != _incarnation || actor.IsWatchTold == isWatched)
        {
            return;
        }

        if (_steps.IsOverdrawn)
        {
            _mustSyncWatches = true;
            return;
        }

        actor.IsWatchTold = isWatched;
        _bulk.AddWord(_steps.Next(isWatched ? ActorStep.Watch : ActorStep.Unwatch, actor.Number));
    }

    private void AddUnacknowledgedSteps()
    {
        foreach (ActorItem.Step step in _steps.Unacknowledged.Take(OutboundLane.WordsMax / 2))
        {
            _bulk.AddWord(step);
        }
    }

    private void AddWord(ActorItem word)
    {
        lock (_gate)
        {
            _bulk.AddWord(word);
        }
    }

    private RemoteRef GoneActor(ulong number)
    {
        var gone = new RemoteRef(this, _home.Incarnation, number, _home.System);
        gone.End();
        return gone;
    }

    // Nothing of an older process means anything to a new one.
    private Leftovers Begin(ulong incarnation)
    {
        Leftovers left = TakeWaiting(_imports.All(), ended: true);
        _incarnation = incarnation;
        _exports.Clear();
        _imports.Clear();
        _steps.Clear();
        _recent.Clear();
        _oldestStepAtTick = 0;
        _mustSyncWatches = false;
        return left;
    }

    private Leftovers TakeWaiting(IReadOnlyList<RemoteRef> actors, bool ended)
    {
        var left = new Leftovers(
            actors, ended, [.. _control.TakeAll(), .. _bulk.TakeAll()], [.. _resolving.Values]);
        _resolving.Clear();
        return left;
    }

    private static void Settle(Leftovers left, string reason)
    {
        foreach (Outgoing word in left.Unsent ?? [])
        {
            word.Target?.Undelivered(word.Message!, word.Sender, "remote: the link dropped");
        }

        foreach (TaskCompletionSource<IActorRef?> question in left.Questions ?? [])
        {
            question.TrySetResult(null);
        }

        foreach (RemoteRef actor in left.Actors ?? [])
        {
            if (left.HaveEnded)
            {
                actor.End();
            }
            else
            {
                actor.LoseAnswers(reason);
            }
        }
    }

    private void WakeLanes()
    {
        Wake(_control);
        Wake(_bulk);
    }

    private void Wake(OutboundLane lane)
    {
        IActorRef? desk = null;
        lock (_gate)
        {
            if (_link is not null && !lane.IsEmpty && !lane.IsAwake && _desk is not null)
            {
                lane.IsAwake = true;
                desk = _desk;
            }
        }

        desk?.Tell(new LaneAwake(lane.Lane));
    }

    private readonly record struct Leftovers(
        IReadOnlyList<RemoteRef>? Actors,
        bool HaveEnded,
        IReadOnlyList<Outgoing>? Unsent,
        IReadOnlyList<TaskCompletionSource<IActorRef?>>? Questions);
}
