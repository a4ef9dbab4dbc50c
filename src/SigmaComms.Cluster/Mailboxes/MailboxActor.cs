using SigmaComms.Actors;
using SigmaComms.Cluster.Membership;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>
/// The mailbox of one device on this node. What waits is stored in one append while the append before is under way;
/// nothing is answered before it is durable. Only an index is kept in memory: messages are read from the journal when
/// they are delivered or handed over. Pushes to at most one subscriber. Hands messages to the nodes where they belong,
/// and drops its own copy only when two nodes of better rank have confirmed theirs: so the two best nodes that ever
/// stored a message never drop it.
/// </summary>
internal sealed class MailboxActor : ReceiveActor
{
    private static readonly TimeSpan CompactDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan FailedRetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private readonly NodeContext _node;
    private readonly NodeId _device;
    private readonly MailboxState _state = new();
    private readonly StoreQueue _waiting;
    private readonly MailboxGauge _gauge;
    private readonly MailboxCompaction _compaction;
    private readonly HandOverDesk _desk;
    private readonly DeliveryQueue _deliveries;
    private MailboxJournal? _journal;
    private bool _appending;
    private bool _deleting;
    private bool _loading;
    private int _reading;

    public MailboxActor(NodeContext node, NodeId device)
    {
        _node = node;
        _device = device;
        _waiting = new StoreQueue(node, _state);
        _gauge = new MailboxGauge(node.Counters);
        _compaction = new MailboxCompaction(_state);
        _desk = new HandOverDesk(node, device, _state);
        _deliveries = new DeliveryQueue(node.Options.DeliveryWindow);
        Receive<StoreMessages>(OnStore);
        Receive<Appended>(OnAppended);
        Receive<AppendFailed>(OnAppendFailed);
        Receive<AcknowledgeMessages>(OnAcknowledge);
        Receive<OpenSubscription>(OnOpen);
        Receive<CloseSubscription>(OnClose);
        Receive<OfferMessages>(OnOffer);
        Receive<HandOverOutcome>(OnHandedOver);
        Receive<ReadMessages>(OnRead);
        Receive<ReadDone>(OnReadDone);
        Receive<ViewChanged>(_ => Offer(atOnce: true));
        Receive<OfferTick>(_ => Offer(atOnce: false));
        Receive<CompactTick>(_ => OnCompact());
        Receive<Deleted>(OnDeleted);
        Receive<SweepTick>(_ => Sweep());
        Receive<DeliverTick>(_ => Deliver());
        Receive<ReceiveTimeout>(_ => AskForSleep());
        ReceiveAsync<FallAsleep>(_ => FallAsleepAsync());
    }

    /// <summary>Whether nothing is under way and nobody reads: what is on the disk is all there is.</summary>
    private bool IsIdle => _waiting.IsEmpty && !_appending && !_deleting && _reading == 0
        && _deliveries.Subscriber is null && !_desk.IsOffering
        && !_compaction.IsPending && !Context.Timers.IsActive(nameof(CompactTick));

    protected override async ValueTask PreStart()
    {
        _journal = await MailboxJournal.OpenAsync(
            _node.Journal, _node.Snapshots, _device, _state, Context.StopToken);
        Count();
        Sweep();
        Context.Timers.StartPeriodic(nameof(SweepTick), new SweepTick(), SweepInterval);
        Context.SetReceiveTimeout(_node.Options.MailboxIdleTimeout);
        Offer(atOnce: true);
    }

    protected override ValueTask PostStop()
    {
        _gauge.Show(0, 0);
        _waiting.RefuseAll(new Refused(RefusalReason.StorageFailed, "the mailbox stopped"));
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

        _waiting.Add(request, asker);
        Append();
    }

    private void Append()
    {
        while (!_appending && (!_waiting.IsEmpty || _compaction.IsDue))
        {
            var batch = new MailboxBatch();
            bool compacting = _compaction.IsDue;
            if (compacting)
            {
                _compaction.AddTo(batch);
            }

            _waiting.MoveTo(batch);
            if (batch.Events.Count == 0)
            {
                _compaction.NoteWritten();
                batch.Answer(new Done());
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

    private void OnAppended(Appended appended)
    {
        _appending = false;
        if (appended.Rejected is { } reason)
        {
            appended.Batch.Answer(new Refused(RefusalReason.StorageFailed, reason));
            CompactAgain();
            Append();
            return;
        }

        _compaction.NoteWritten();
        _node.Counters.NoteWrite(succeeded: true, bytes: appended.Batch.Bytes);
        TakeIn(appended);
        appended.Batch.Answer(new Done());
        StartDelete(appended.Compacting);
        Count();
        Deliver();
        ScheduleOffer();
        Append();
    }

    private void TakeIn(Appended appended)
    {
        for (int i = 0; i < appended.Batch.Messages.Count; i++)
        {
            if (appended.Batch.Messages[i] is not { } message)
            {
                continue;
            }

            if (_state.IsGone(message.MessageId) && !_state.Contains(message.MessageId))
            {
                // Acknowledged while it was being written: the next compaction removes it.
                _compaction.NoteGone(message.MessageId, appended.First + i);
                ScheduleCompact();
                continue;
            }

            bool isNew = !_state.Contains(message.MessageId);
            MailboxEntry entry = _state.Add(message, appended.First + i, _node.Now);
            if (isNew)
            {
                _deliveries.Add(entry, message);
            }
        }
    }

    private void OnAppendFailed(AppendFailed failed)
    {
        _appending = false;
        _node.Counters.NoteWrite(succeeded: false, failed.Error.Message, failed.Batch.Bytes);
        _node.Logger.MailboxWriteFailed(_device.Short, failed.Error.Message);
        failed.Batch.Answer(new Refused(RefusalReason.StorageFailed, failed.Error.Message));
        if (failed.Error is not JournalException)
        {
            // What the journal holds is not known: restart and read it.
            throw new InvalidOperationException(
                $"the mailbox must recover from its journal: {failed.Error.Message}", failed.Error);
        }

        CompactAgain();
        Append();
    }

    // What the append that failed should have said of acknowledged messages must still reach the journal, or they come
    // back after a restart.
    private void CompactAgain()
    {
        _compaction.NoteNotWritten();
        ScheduleCompact(FailedRetryDelay);
    }

    private void OnAcknowledge(AcknowledgeMessages acknowledged)
    {
        Forget(acknowledged.MessageIds, isGone: true);
        Deliver();
    }

    private void Forget(IReadOnlyList<Digest16> ids, bool isGone)
    {
        foreach (Digest16 id in ids)
        {
            if (isGone)
            {
                _state.RememberGone(id);
            }

            _desk.Forget(id);
            if (_state.Remove(id) is { } entry)
            {
                _node.Meter.NoteDelivery(isGone ? entry.StoredAt : TimeSpan.Zero, _node.Now);
                _compaction.NoteGone(id, entry.Sequence);
                _deliveries.Forget(entry);
                ScheduleCompact();
            }
        }

        Count();
    }

    private void ScheduleCompact(TimeSpan? after = null)
    {
        if (!Context.Timers.IsActive(nameof(CompactTick)))
        {
            Context.Timers.StartSingle(nameof(CompactTick), new CompactTick(), after ?? CompactDelay);
        }
    }

    private void OnCompact()
    {
        IReadOnlyList<MailboxEntry> moving = _compaction.ToMove(_journal!.Sequence);
        if (moving.Count > 0)
        {
            Read(moving, OnMovingRead);
            return;
        }

        _compaction.IsDue = true;
        Append();
    }

    private void OnMovingRead(IReadOnlyList<HeldMessage>? messages)
    {
        if (messages is not null)
        {
            _compaction.Move(messages);
            ScheduleCompact();
        }

        _compaction.IsDue = true;
        Append();
    }

    private void StartDelete(bool compacting)
    {
        if (!compacting || _compaction.DeletableTo(_journal!.Sequence) is not { } to)
        {
            return;
        }

        if (_deleting || _reading > 0)
        {
            // A read must not find that what lies before its messages disappears under it.
            ScheduleCompact();
            return;
        }

        _deleting = true;
        Context.PipeToSelf(
            _journal.DeleteToAsync(to, Context.StopToken),
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
            _compaction.NoteDeleted(deleted.To);
        }
    }

    /// <summary>Reads messages from the journal, then goes on in this actor's turn; with null if that failed.</summary>
    private void Read(IReadOnlyList<MailboxEntry> entries, Action<IReadOnlyList<HeldMessage>?> then)
    {
        _reading++;
        Context.PipeToSelf(
            _journal!.ReadAsync([.. entries.Select(entry => entry.Sequence).Order()], Context.StopToken),
            messages => new ReadDone(messages, null, then),
            error => new ReadDone(null, error, then));
    }

    private void OnReadDone(ReadDone done)
    {
        _reading--;
        if (done.Error is { } error)
        {
            _node.Logger.MailboxReadFailed(_device.Short, error.Message);
            if (error is not JournalException)
            {
                throw new InvalidOperationException("the mailbox must recover from its journal", error);
            }
        }

        done.Then(done.Messages);
    }

    private void OnRead(ReadMessages read)
    {
        IActorRef asker = Sender!;
        (int considered, IReadOnlyList<MailboxEntry> entries) = _desk.Page(read.MessageIds);
        if (entries.Count == 0)
        {
            asker.Tell(new MessagesRead(considered, []));
            return;
        }

        Read(entries, messages => asker.Tell(messages is null
            ? new MessagesRead(0, [])
            : new MessagesRead(considered, messages)));
    }

    private void OnOpen(OpenSubscription open)
    {
        Sender?.Tell(_deliveries.TryOpen(open, _state.Entries)
            ? new Done()
            : new Refused(RefusalReason.Replaced, "a later connection of the device took over"));
        Deliver();
    }

    private void OnClose(CloseSubscription close)
    {
        if (_deliveries.Close(close.Stamp))
        {
            Offer(atOnce: false);
        }
    }

    private void Deliver()
    {
        switch (_deliveries.Deliver())
        {
            case DeliveryStep.NoRoom:
                Context.Timers.StartSingle(nameof(DeliverTick), new DeliverTick(), RetryDelay);
                break;
            case DeliveryStep.NeedsContent when !_loading:
                _loading = true;
                Read(_deliveries.NextToRead(), OnLoaded);
                break;
        }
    }

    private void OnLoaded(IReadOnlyList<HeldMessage>? messages)
    {
        _loading = false;
        if (messages is null)
        {
            Context.Timers.StartSingle(nameof(DeliverTick), new DeliverTick(), FailedRetryDelay);
            return;
        }

        _deliveries.Load(messages, _state);
        Deliver();
    }

    private void OnOffer(OfferMessages offer)
    {
        Digest16[] gone = [.. offer.MessageIds.Where(_state.IsGone)];
        Sender?.Tell(new HoldingsAnswer(
            [.. offer.MessageIds.Where(id => !_state.Contains(id) && !_state.IsGone(id))], gone));
    }

    private void Offer(bool atOnce)
    {
        foreach (HandOverOffer offer in _desk.Begin(atOnce))
        {
            Context.PipeToSelf(
                new HandOverTask(_node, _device, Self).RunAsync(offer, Context.StopToken),
                outcome => outcome,
                error => new HandOverOutcome(offer.Target, offer.Links.Session, [], []));
        }

        Settle();
    }

    private void OnHandedOver(HandOverOutcome outcome)
    {
        _desk.Note(outcome);
        Forget(outcome.Gone, isGone: true);
        Deliver();
        if (outcome.Confirmed.Count == HandOverDesk.OfferMax)
        {
            Offer(atOnce: true);
        }
        else
        {
            Settle();
        }
    }

    /// <summary>Drops what belongs elsewhere only; then all is where it belongs, or it is tried again later.</summary>
    private void Settle()
    {
        // While a client here is being served from this copy, it stays: its subscription moves first.
        if (_deliveries.Subscriber is null)
        {
            Forget(_desk.Surplus(), isGone: false);
        }

        if (!_desk.IsSettled())
        {
            ScheduleOffer();
        }
        else if (IsIdle)
        {
            Context.Parent.Tell(new MailboxSettled(_device));
        }
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
        // Its sender may offer it again: the recipient never had it.
        Digest16[] expired = [.. _state.Entries.Where(entry => entry.ExpiresUtcTicks < now).Select(entry => entry.Id)];
        Forget(expired, isGone: false);
    }

    private void Count() => _gauge.Show(_state.Count, _state.Bytes);

    private void AskForSleep()
    {
        if (IsIdle)
        {
            Context.Parent.Tell(new MailboxIdle(_device));
        }
    }

    /// <summary>The supervisor holds back all messages for this mailbox until it hears the answer or the end.</summary>
    private async ValueTask FallAsleepAsync()
    {
        if (!IsIdle)
        {
            Context.Parent.Tell(new MailboxAwake(_device));
            return;
        }

        if (await _journal!.SaveGoneAsync(_state, Context.StopToken) is { } problem)
        {
            // Without its memory of what is gone it would take a message twice: it stays awake until it can write.
            _node.Logger.MailboxNotAsleep(_device.Short, problem);
            Context.Parent.Tell(new MailboxAwake(_device));
            return;
        }

        Context.Parent.Tell(new MailboxAsleep(_device, _desk.Describe()));
        Context.Stop(Self);
    }

    private sealed record Appended(MailboxBatch Batch, bool Compacting, long First, string? Rejected);

    private sealed record AppendFailed(MailboxBatch Batch, Exception Error);

    private sealed record ReadDone(
        IReadOnlyList<HeldMessage>? Messages, Exception? Error, Action<IReadOnlyList<HeldMessage>?> Then);

    private sealed record Deleted(long To);

    private sealed record OfferTick;

    private sealed record CompactTick;

    private sealed record SweepTick;

    private sealed record DeliverTick;
}
