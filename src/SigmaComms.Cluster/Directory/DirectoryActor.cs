using SigmaComms.Actors;
using SigmaComms.Cluster.Membership;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence;
using SigmaComms.Persistence.EventSourcing;

namespace SigmaComms.Cluster.Directory;

/// <summary>
/// Account records and last-resort bundles: journalled before they count, the same on every node in the end. It
/// pulls what it lacks from every node that comes up, and from one of them now and then.
/// </summary>
internal sealed class DirectoryActor : ReceiveActor
{
    private const string PersistenceId = "directory";
    private const int DeadEventsMax = 1_000;
    private static readonly TimeSpan SyncInterval = TimeSpan.FromSeconds(30);

    private readonly NodeContext _node;
    private readonly DirectoryState _state;
    private readonly BundleCheck _bundles;
    private readonly HashSet<NodeId> _syncing = [];
    private readonly Dictionary<NodeId, long> _synced = [];
    private long _epoch;
    private long _sequence;
    private long _deletedTo;
    private bool _isBehind = true;

    public DirectoryActor(NodeContext node)
    {
        _node = node;
        _state = new DirectoryState(node.Devices, node.Options.AccountsMax);
        _bundles = new BundleCheck(node);
        ReceiveAsync<StoreAccount>(store => OnAccountAsync(store.Record, commit: false, Sender));
        Receive<CommitAccount>(OnCommit);
        ReceiveAsync<Counted>(OnCountedAsync);
        ReceiveAsync<StoreLastResort>(OnLastResortAsync);
        Receive<FetchAccount>(OnFetchAccount);
        Receive<FetchBundle>(OnFetchBundle);
        Receive<FindDevice>(OnFindDevice);
        Receive<GetRecordSummary>(get => Sender?.Tell(_state.Summary(get.After)));
        Receive<RecordPull>(pull => Sender?.Tell(_state.Pull(pull.Wanted)));
        Receive<FindMissing>(find => Sender?.Tell(new RecordSummary(_state.Missing(find.Heads), false)));
        ReceiveAsync<TakeRecords>(OnRecordsAsync);
        Receive<ViewChanged>(_ => SyncWithNewPeers());
        Receive<Synced>(OnSynced);
        Receive<SyncTick>(_ => SyncAgain());
    }

    protected override async ValueTask PreStart()
    {
        await CatchUpAsync();
        Context.Timers.StartPeriodic(nameof(SyncTick), new SyncTick(), SyncInterval);
        SyncWithNewPeers();
    }

    /// <summary>Reads what the journal has and the state has not; only then may the state decide anything.</summary>
    private async ValueTask CatchUpAsync()
    {
        CancellationToken ct = Context.StopToken;
        _epoch = await _node.Journal.AcquireEpochAsync(PersistenceId, ct);
        await foreach (JournalEvent stored in _node.Journal.ReplayAsync(PersistenceId, _sequence + 1, ct))
        {
            DirectoryEvent.Replay(_state, stored);
            _sequence = stored.Sequence;
        }

        _sequence = await _node.Journal.HighestSequenceAsync(PersistenceId, ct);
        _isBehind = false;
    }

    /// <summary>
    /// While nobody knows whether the last write is in the journal nothing is decided. What is here is still answered:
    /// a store that is away takes no name from the directory.
    /// </summary>
    private async ValueTask<Refused?> ObjectionAsync()
    {
        try
        {
            if (_isBehind)
            {
                await CatchUpAsync();
            }

            return null;
        }
        catch (JournalException error)
        {
            return NotWritten(error.Message);
        }
    }

    private async ValueTask OnAccountAsync(ReadOnlyMemory<byte> encoded, bool commit, IActorRef? asker)
    {
        if (!AccountRecord.TryDecode(encoded.Span, out AccountRecord? record))
        {
            asker?.Tell(new Refused(RefusalReason.BadSignature, "the account record does not verify"));
            return;
        }

        Refused? objection = await ObjectionAsync()
            ?? (commit ? _state.ObjectionToCommit(record) : _state.ObjectionToVote(record));
        bool isKnown = commit ? _state.HasCommitted(record) : _state.HasVote(record);
        LinkMessage answer = objection is not null ? objection
            : isKnown ? new Done()
            : await PersistAsync([commit ? DirectoryEvent.Committed(record) : DirectoryEvent.Voted(record)]);
        asker?.Tell(answer);
    }

    private void OnCommit(CommitAccount commit)
    {
        IActorRef? asker = Sender;
        if (!AccountRecord.TryDecode(commit.Record.Span, out AccountRecord? record) || _state.HasCommitted(record))
        {
            asker?.Tell(record is not null
                ? new Done()
                : new Refused(RefusalReason.BadSignature, "the account record does not verify"));
            return;
        }

        Context.PipeToSelf(
            new VoteRound(_node, Self).HasMajorityAsync(commit.Record),
            enough => new Counted(commit.Record, asker, enough),
            _ => new Counted(commit.Record, asker, IsEnough: false));
    }

    private async ValueTask OnCountedAsync(Counted counted)
    {
        if (counted.IsEnough)
        {
            await OnAccountAsync(counted.Record, commit: true, counted.Asker);
            return;
        }

        counted.Asker?.Tell(new Refused(
            RefusalReason.Unavailable, "no majority of the nodes accepts the record; try again when more are up"));
    }

    private async ValueTask OnLastResortAsync(StoreLastResort store)
    {
        IActorRef? asker = Sender;
        Refused? objection = _bundles.Objection(store.Device, store.Bundle, true, out PrekeyBundle? bundle)
            ?? await ObjectionAsync();
        LinkMessage answer = objection is not null ? objection
            : _state.IsNewer(store.Device, BundleCheck.VersionOf(bundle!))
                ? await PersistAsync([DirectoryEvent.LastResort(bundle!)])
                : new Done();
        asker?.Tell(answer);
    }

    private void OnFetchAccount(FetchAccount fetch)
    {
        AccountRecord? found = fetch.Name is { } name ? _state.Find(name)
            : fetch.Account is { } account ? _state.Find(account) : null;
        Sender?.Tell(found is null
            ? new Refused(RefusalReason.NotFound, "no such account here")
            : new AccountFound(found.Encoded));
    }

    private void OnFetchBundle(FetchBundle fetch) => Sender?.Tell(_state.LastResort(fetch.Device) is { } bundle
        ? new BundleFound(bundle)
        : new Refused(RefusalReason.NotFound, "no last-resort bundle of that device here"));

    private void OnFindDevice(FindDevice find) => Sender?.Tell(_node.Devices.Contains(find.Device)
        ? new Done()
        : new Refused(RefusalReason.UnknownDevice, "the device is not known here"));

    private async ValueTask OnRecordsAsync(TakeRecords take)
    {
        IActorRef? asker = Sender;
        LinkMessage answer = (LinkMessage?)await ObjectionAsync() ?? new Done();
        var events = new List<DirectoryEvent>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (DirectoryRecord found in take.Records.TakeWhile(_ => answer is Done))
        {
            AccountRecord? record = null;
            string name = found.Head.Kind == RecordKind.LastResort ? $"/{found.Head.Key}"
                : AccountRecord.TryDecode(found.Content.Span, out record) ? record.Name
                : string.Empty;
            if (!names.Add(name))
            {
                // The record before it decides about this one, so it must count first.
                answer = await PersistAsync(events);
                events.Clear();
            }

            if (Judge(found, record) is { } news)
            {
                events.Add(news);
            }
        }

        asker?.Tell(answer is Done ? await PersistAsync(events) : answer);
    }

    private DirectoryEvent? Judge(DirectoryRecord found, AccountRecord? record)
    {
        if (found.Head.Kind == RecordKind.LastResort)
        {
            return _bundles.Objection(found.Head.Key, found.Content, true, out PrekeyBundle? bundle) is null
                && _state.IsNewer(found.Head.Key, BundleCheck.VersionOf(bundle!))
                ? DirectoryEvent.LastResort(bundle!)
                : null;
        }

        return record is not null && !_state.HasCommitted(record) && _state.ObjectionToCommit(record) is null
            ? DirectoryEvent.Committed(record)
            : null;
    }

    private async ValueTask<LinkMessage> PersistAsync(List<DirectoryEvent> events)
    {
        if (events.Count == 0)
        {
            return new Done();
        }

        try
        {
            if (await AppendAsync(events) is { } refusal)
            {
                return refusal;
            }

            foreach (DirectoryEvent e in events)
            {
                e.Apply(_state);
            }

            _node.Counters.NoteWrite(succeeded: true);
            await CompactAsync();
            return new Done();
        }
        catch (JournalException error)
        {
            return NotWritten(error.Message);
        }
    }

    private async ValueTask<Refused?> AppendAsync(IReadOnlyList<DirectoryEvent> events)
    {
        AppendResult result = await _node.Journal.AppendAsync(
            PersistenceId, _sequence, _epoch, [.. events.Select(e => e.Stored)], Context.StopToken);
        switch (result.Status)
        {
            case AppendStatus.Stored:
                _sequence = result.HighestSequence;
                return null;
            case AppendStatus.Rejected:
                return new Refused(RefusalReason.StorageFailed, result.Reason ?? "rejected");
            case AppendStatus.Unknown:
                _isBehind = true;
                return NotWritten(result.Reason ?? "nobody knows whether it was written");
            default:
                // Another writer has the journal: begin anew, and give up if it never lets go.
                throw new PersistFailedException(PersistenceId, result.Status, result.Reason);
        }
    }

    private Refused NotWritten(string reason)
    {
        _node.Counters.NoteWrite(succeeded: false, reason);
        _node.Logger.DirectoryWriteFailed(reason);
        return new Refused(RefusalReason.StorageFailed, reason);
    }

    private async ValueTask CompactAsync()
    {
        if (_sequence - _deletedTo <= (4L * _state.Count) + DeadEventsMax)
        {
            return;
        }

        long before = _sequence;
        foreach (DirectoryEvent[] page in _state.Everything().Chunk(200))
        {
            if (await AppendAsync(page) is not null)
            {
                // Nothing is lost: it is all there in its older form, and is compacted another time.
                return;
            }
        }

        await _node.Journal.DeleteToAsync(PersistenceId, before, Context.StopToken);
        _deletedTo = before;
    }

    private void SyncWithNewPeers()
    {
        foreach (NodeId peer in _node.Links.Peers)
        {
            if (_node.Links.Find(peer) is { } links
                && (!_synced.TryGetValue(peer, out long session) || session != links.Session))
            {
                Sync(peer, links.Session);
            }
        }
    }

    private void SyncAgain()
    {
        NodeId[] peers = [.. _node.Links.Peers.Order()];
        if (peers.Length > 0)
        {
            NodeId peer = peers[Math.Min(peers.Length - 1, (int)(_node.Fraction() * peers.Length))];
            Sync(peer, _node.Links.Find(peer)?.Session ?? 0);
        }
    }

    private void Sync(NodeId peer, long session)
    {
        if (_syncing.Add(peer))
        {
            Context.PipeToSelf(
                new DirectorySync(_node, Self).RunAsync(peer, Context.StopToken),
                ok => new Synced(peer, session, ok),
                error => new Synced(peer, session, false));
        }
    }

    private void OnSynced(Synced synced)
    {
        _syncing.Remove(synced.Peer);
        if (synced.IsComplete)
        {
            _synced[synced.Peer] = synced.Session;
        }

        if (synced.IsComplete && _node.Links.Find(synced.Peer) is { } links && links.Session != synced.Session)
        {
            Sync(synced.Peer, links.Session);
        }
    }

    private sealed record Synced(NodeId Peer, long Session, bool IsComplete);

    private sealed record SyncTick;

    private sealed record Counted(ReadOnlyMemory<byte> Record, IActorRef? Asker, bool IsEnough);
}
