using SigmaComms.Actors;
using SigmaComms.Cluster.Membership;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>
/// The mailbox of one device on this node. What waits is stored in one append while the append before is under way;
/// nothing is answered before it is durable. Pushes to at most one subscriber. Hands messages to the nodes where
/// they belong, and drops its own copy only when two nodes of better rank have confirmed theirs: so the two best
/// nodes that ever stored a message never drop it.
/// </summary>
internal sealed class MailboxActor : ReceiveActor
{
    private const int OfferMax = 4_000;
    private const int RewriteMax = 200;
    private static readonly TimeSpan OfferAge = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CompactDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private readonly NodeContext _node;
    private readonly NodeId _device;
    private readonly MailboxState _state = new();
    private readonly Queue<(StoreMessages Request, IActorRef Asker)> _waiting = new();
    private readonly Dictionary<Digest16, long> _goneUnwritten = [];
    private readonly Confirmations _confirmations = new();
    private readonly HashSet<NodeId> _offering = [];
    private readonly DeliveryQueue _deliveries;
    private MailboxJournal? _journal;
    private bool _appending;
    private bool _deleting;
    private bool _compactDue;
    private long _deletedTo;
    private bool _isCounted;
    private long _countedBytes;

    public MailboxActor(NodeContext node, NodeId device)
    {
        _node = node;
        _device = device;
        _deliveries = new DeliveryQueue(node.Options.DeliveryWindow);
        Receive<StoreMessages>(OnStore);
        Receive<Appended>(OnAppended);
        Receive<AppendFailed>(OnAppendFailed);
        Receive<AcknowledgeMessages>(OnAcknowledge);
        Receive<OpenSubscription>(OnOpen);
        Receive<CloseSubscription>(close => _deliveries.Close(close.Stamp));
        Receive<OfferMessages>(OnOffer);
        Receive<HandOverOutcome>(OnHandedOver);
        Receive<ViewChanged>(_ => Offer(atOnce: true));
        Receive<OfferTick>(_ => Offer(atOnce: false));
        Receive<CompactTick>(_ => OnCompact());
        Receive<Deleted>(OnDeleted);
        Receive<SweepTick>(_ => Sweep());
        Receive<DeliverTick>(_ => Deliver());
    }

    protected override async ValueTask PreStart()
    {
        _journal = await MailboxJournal.OpenAsync(_node.Journal, _device, _state, Context.StopToken);
        Count();
        Context.Timers.StartPeriodic(nameof(SweepTick), new SweepTick(), SweepInterval);
        Offer(atOnce: true);
    }

    protected override ValueTask PostStop()
    {
        _node.Counters.AddMailboxBytes(-_countedBytes);
        _node.Counters.AddMailboxes(_isCounted ? -1 : 0);
        foreach ((_, IActorRef asker) in _waiting)
        {
            asker.Tell(new Refused(RefusalReason.StorageFailed, "the mailbox stopped"));
        }

        _waiting.Clear();
        _deliveries.Subscriber?.Ended();
        return ValueTask.CompletedTask;
    }

    private void OnStore(StoreMessages request)
    {
        IActorRef asker = Sender!;
        if (request.Messages.Count > JournalLimits.EventsPerAppendMax / 2)
        {
            asker.Tell(new Refused(RefusalReason.TooLarge, "too many messages at once"));
            return;
        }

        _waiting.Enqueue((request, asker));
        Append();
    }

    private void Append()
    {
        while (!_appending && (_waiting.Count > 0 || _compactDue))
        {
            var batch = new MailboxBatch();
            bool compacting = _compactDue;
            if (compacting)
            {
                AddCompaction(batch);
            }

            AddWaiting(batch);
            if (batch.Events.Count == 0)
            {
                Answer(batch, new Done());
                StartDelete(compacting);
                continue;
            }

            _appending = true;
            Context.PipeToSelf(
                _journal!.AppendAsync(batch.Events, Context.StopToken),
                result => new Appended(batch, compacting, result.First, result.Rejected),
                error => new AppendFailed(batch, error));
        }
    }

    private void AddWaiting(MailboxBatch batch)
    {
        while (_waiting.TryPeek(out (StoreMessages Request, IActorRef Asker) next)
            && batch.HasRoom(next.Request.Messages.Count))
        {
            _waiting.Dequeue();
            HeldMessage[] missing = [.. next.Request.Messages.Where(message =>
                !_state.Contains(message.MessageId) && !_state.IsGone(message.MessageId))];
            long bytes = missing.Sum(MailboxState.Size);
            if (missing.Length > 0 && IsFull(batch, missing.Length, bytes))
            {
                next.Asker.Tell(new Refused(
                    RefusalReason.MailboxFull, "the mailbox is full until its owner fetches messages"));
                continue;
            }

            foreach (HeldMessage message in missing)
            {
                batch.Add(message);
            }

            batch.Askers.Add(next.Asker);
        }
    }

    private bool IsFull(MailboxBatch batch, int messages, long bytes) =>
        _state.Count + batch.Events.Count + messages > _node.Options.MailboxMessagesMax
        || _state.Bytes + batch.Bytes + bytes > _node.Options.MailboxBytesMax
        || _node.Counters.MailboxBytes + batch.Bytes + bytes > _node.Options.MailboxBytesTotalMax;

    private void OnAppended(Appended appended)
    {
        _appending = false;
        if (appended.Rejected is { } reason)
        {
            Answer(appended.Batch, new Refused(RefusalReason.StorageFailed, reason));
            Append();
            return;
        }

        _node.Counters.NoteWrite(succeeded: true);
        for (int i = 0; i < appended.Batch.Messages.Count; i++)
        {
            if (appended.Batch.Messages[i] is not { } message)
            {
                continue;
            }

            if (_state.IsGone(message.MessageId))
            {
                // Acknowledged while it was being written: the next compaction removes it.
                _goneUnwritten[message.MessageId] = appended.First + i;
                continue;
            }

            bool isNew = !_state.Contains(message.MessageId);
            MailboxEntry entry = _state.Add(message, appended.First + i, _node.Now);
            if (isNew)
            {
                _deliveries.Add(entry);
            }
        }

        Answer(appended.Batch, new Done());
        StartDelete(appended.Compacting);
        Count();
        Deliver();
        ScheduleOffer();
        Append();
    }

    private void OnAppendFailed(AppendFailed failed)
    {
        _appending = false;
        _node.Counters.NoteWrite(succeeded: false);
        _node.Logger.MailboxWriteFailed(_device.Short, failed.Error.Message);
        Answer(failed.Batch, new Refused(RefusalReason.StorageFailed, failed.Error.Message));
        if (failed.Error is not JournalException)
        {
            // What the journal holds is not known: restart and read it.
            throw new InvalidOperationException("the mailbox must recover from its journal", failed.Error);
        }

        if (_goneUnwritten.Count > 0)
        {
            ScheduleCompact();
        }

        Append();
    }

    private static void Answer(MailboxBatch batch, LinkMessage answer)
    {
        foreach (IActorRef asker in batch.Askers)
        {
            asker.Tell(answer);
        }
    }

    private void OnAcknowledge(AcknowledgeMessages acknowledged)
    {
        foreach (Digest16 id in acknowledged.MessageIds)
        {
            _state.RememberGone(id);
            Forget(id);
        }

        Count();
        Deliver();
    }

    private void Forget(Digest16 id)
    {
        _confirmations.Forget(id);
        if (_state.Remove(id) is not { } entry)
        {
            return;
        }

        _goneUnwritten[id] = entry.Sequence;
        _deliveries.Forget(entry);
        ScheduleCompact();
    }

    private void ScheduleCompact()
    {
        if (!Context.Timers.IsActive(nameof(CompactTick)))
        {
            Context.Timers.StartSingle(nameof(CompactTick), new CompactTick(), CompactDelay);
        }
    }

    private void OnCompact()
    {
        _compactDue = true;
        Append();
    }

    private void AddCompaction(MailboxBatch batch)
    {
        _compactDue = false;
        long lowest = _state.LowestSequence ?? long.MaxValue;
        Digest16[] behind = [.. _goneUnwritten.Where(gone => gone.Value > lowest).Select(gone => gone.Key)];
        foreach (Digest16[] page in behind.Chunk(4_096))
        {
            batch.AddGone(page);
        }

        _goneUnwritten.Clear();
        long dead = _journal!.Sequence - _deletedTo - _state.Count;
        if (_state.Count > 0 && dead > _state.Count + 1_000)
        {
            // Messages that nobody fetches hold up the deletion of later ones that were: they move to the end.
            foreach (MailboxEntry entry in _state.Entries.Take(RewriteMax))
            {
                batch.Add(entry.Message);
            }

            ScheduleCompact();
        }
    }

    private void StartDelete(bool compacting)
    {
        long to = _state.LowestSequence - 1 ?? _journal!.Sequence;
        if (!compacting || _deleting || to <= _deletedTo)
        {
            return;
        }

        _deleting = true;
        Context.PipeToSelf(
            _journal!.DeleteToAsync(to, Context.StopToken),
            done => new Deleted(done),
            error => new Deleted(-1));
    }

    private void OnDeleted(Deleted deleted)
    {
        _deleting = false;
        if (deleted.To < 0)
        {
            _node.Counters.NoteWrite(succeeded: false);
            ScheduleCompact();
        }
        else
        {
            _deletedTo = Math.Max(_deletedTo, deleted.To);
        }
    }

    private void OnOpen(OpenSubscription open)
    {
        Sender?.Tell(_deliveries.TryOpen(open, _state.Entries)
            ? new Done()
            : new Refused(RefusalReason.Replaced, "a later connection of the device took over"));
        Deliver();
    }

    private void Deliver()
    {
        if (!_deliveries.TryDeliver())
        {
            Context.Timers.StartSingle(nameof(DeliverTick), new DeliverTick(), RetryDelay);
        }
    }

    private void OnOffer(OfferMessages offer)
    {
        Digest16[] gone = [.. offer.MessageIds.Where(_state.IsGone)];
        Digest16[] wanted = [.. offer.MessageIds.Where(id => !_state.Contains(id) && !_state.IsGone(id))];
        Sender?.Tell(new HoldingsAnswer(wanted, gone));
    }

    private void Offer(bool atOnce)
    {
        if (_state.Count == 0)
        {
            return;
        }

        NodeId[] owners = [.. _node.View.RankUp(_device).Take(_node.Options.Copies)];
        foreach (NodeId owner in owners.Where(owner => owner != _node.Self && !_offering.Contains(owner)))
        {
            if (_node.Links.Find(owner) is not { } links)
            {
                continue;
            }

            HeldMessage[] unsure = [.. _state.Entries
                .Where(entry => (atOnce || _node.Now - entry.StoredAt >= OfferAge)
                    && !_confirmations.Has(owner, links.Session, entry.Message.MessageId))
                .Take(OfferMax)
                .Select(entry => entry.Message)];
            if (unsure.Length > 0)
            {
                _offering.Add(owner);
                Context.PipeToSelf(
                    new HandOverTask(_node, _device).RunAsync(owner, links, unsure, Context.StopToken),
                    outcome => outcome,
                    error => new HandOverOutcome(owner, links.Session, [], []));
            }
        }

        DropWhatBelongsElsewhere(owners);
        ScheduleOffer();
    }

    private void OnHandedOver(HandOverOutcome outcome)
    {
        _offering.Remove(outcome.Target);
        _confirmations.Add(outcome.Target, outcome.Session, outcome.Confirmed.Where(_state.Contains));
        foreach (Digest16 gone in outcome.Gone)
        {
            _state.RememberGone(gone);
            Forget(gone);
        }

        DropWhatBelongsElsewhere([.. _node.View.RankUp(_device).Take(_node.Options.Copies)]);
        Count();
        Deliver();
        if (outcome.Confirmed.Count == OfferMax)
        {
            Offer(atOnce: true);
        }
    }

    private void DropWhatBelongsElsewhere(NodeId[] owners)
    {
        // While a client here is being served from this copy, it stays: its subscription moves first. And only nodes
        // of better rank count: were it otherwise, three nodes with different views could each trust the others.
        NodeId[] better = [.. _node.View.Rank(_device.Value.ToArray()).TakeWhile(node => node != _node.Self)];
        if (owners.Length < _node.Options.Copies || owners.Except(better).Any() || _deliveries.Subscriber is not null)
        {
            return;
        }

        foreach (MailboxEntry entry in _state.Entries.ToArray())
        {
            Digest16 id = entry.Message.MessageId;
            if (owners.All(owner => _node.Links.Find(owner) is { } links
                && _confirmations.Has(owner, links.Session, id)))
            {
                Forget(id);
            }
        }

        Count();
    }

    private void ScheduleOffer()
    {
        if (_state.Count > 0 && !Context.Timers.IsActive(nameof(OfferTick)))
        {
            Context.Timers.StartSingle(nameof(OfferTick), new OfferTick(), _node.Options.HandOverInterval);
        }
    }

    private void Sweep()
    {
        ulong now = (ulong)_node.Time.GetUtcNow().UtcTicks;
        foreach (MailboxEntry entry in _state.Entries.Where(entry => entry.Message.ExpiresUtcTicks < now).ToArray())
        {
            _state.RememberGone(entry.Message.MessageId);
            Forget(entry.Message.MessageId);
        }

        Count();
    }

    private void Count()
    {
        _node.Counters.AddMailboxBytes(_state.Bytes - _countedBytes);
        _countedBytes = _state.Bytes;
        bool isCounted = _state.Count > 0;
        _node.Counters.AddMailboxes((isCounted ? 1 : 0) - (_isCounted ? 1 : 0));
        _isCounted = isCounted;
    }

    private sealed record Appended(MailboxBatch Batch, bool Compacting, long First, string? Rejected);

    private sealed record AppendFailed(MailboxBatch Batch, Exception Error);

    private sealed record Deleted(long To);

    private sealed record OfferTick;

    private sealed record CompactTick;

    private sealed record SweepTick;

    private sealed record DeliverTick;
}
