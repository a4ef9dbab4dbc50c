using SigmaComms.Actors;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence;

namespace SigmaComms.Cluster.Directory;

/// <summary>
/// The one-time prekeys that clients left on this node. They are on no other node, and the removal of one is durable
/// before it is handed out: so nobody gets one twice, however the network is cut. In memory is only where each is and
/// when it ends; what ended is swept.
/// </summary>
internal sealed class PrekeysActor : ReceiveActor
{
    private const string Prefix = "prekeys/";
    private const uint AddedType = 1;
    private const byte Version = 1;

    private static readonly TimeSpan SweepInterval = TimeSpan.FromHours(1);

    private readonly NodeContext _node;
    private readonly BundleCheck _check;
    private readonly Dictionary<NodeId, PrekeyShelf> _shelves = [];
    private readonly Queue<NodeId> _toSweep = new();
    private int _stored;

    public PrekeysActor(NodeContext node)
    {
        _node = node;
        _check = new BundleCheck(node);
        ReceiveAsync<StorePrekeys>(OnStoreAsync);
        ReceiveAsync<TakePrekey>(OnTakeAsync);
        ReceiveAsync<CountPrekeys>(OnCountAsync);
        ReceiveAsync<SweepTick>(_ => OnSweepAsync());
        ReceiveAsync<SweepNext>(_ => OnSweepNextAsync());
    }

    protected override ValueTask PreStart()
    {
        Context.Timers.StartPeriodic(nameof(SweepTick), new SweepTick(), SweepInterval);
        Self.Tell(new SweepTick());
        return ValueTask.CompletedTask;
    }

    private async ValueTask OnStoreAsync(StorePrekeys store)
    {
        IActorRef? asker = Sender;
        var bundles = new List<PrekeyBundle>();
        foreach (ReadOnlyMemory<byte> encoded in store.OneTime)
        {
            if (_check.Objection(store.Device, encoded, false, out PrekeyBundle? bundle) is { } objection)
            {
                asker?.Tell(objection);
                return;
            }

            bundles.Add(bundle!);
        }

        asker?.Tell(await GuardAsync(
            store.Device, forWriting: true, shelf => StoreAsync(store.Device, shelf, bundles)));
    }

    private async ValueTask<LinkMessage> StoreAsync(NodeId device, PrekeyShelf shelf, List<PrekeyBundle> bundles)
    {
        if (_stored + bundles.Count > _node.Options.PrekeysTotalMax)
        {
            return new Refused(RefusalReason.StorageFailed, "this node keeps as many one-time prekeys as it may");
        }

        PrekeyBundle[] added =
            [.. bundles.Take(Math.Max(0, _node.Options.PrekeysPerDeviceMax - shelf.Bundles.Count))];
        if (added.Length == 0 && bundles.Count > 0)
        {
            return new Refused(RefusalReason.PrekeysFull, "the device has enough one-time prekeys here");
        }

        if (added.Length > 0)
        {
            AppendResult result = await _node.Journal.AppendAsync(
                Prefix + device,
                shelf.Sequence,
                shelf.Epoch,
                [.. added.Select(bundle => new NewEvent(AddedType, Version, bundle.Encoded))],
                Context.StopToken);
            if (result.Status == AppendStatus.Unknown)
            {
                // The shelf may lack what is stored, so it is read anew before anything is taken from it.
                Forget(device, shelf);
                _node.Counters.NoteWrite(succeeded: false, result.Reason);
                return new Refused(RefusalReason.StorageFailed, result.Reason ?? "nobody knows whether it was written");
            }

            // Anything else means that another writer has the journal: begin anew.
            Invariant.Holds(result.IsStored);
            _node.Counters.NoteWrite(succeeded: true);
            foreach (PrekeyBundle bundle in added)
            {
                shelf.Bundles.Enqueue((++shelf.Sequence, bundle.Expiry));
            }

            _stored += added.Length;
        }

        return new PrekeysStored((uint)shelf.Bundles.Count);
    }

    private void Forget(NodeId device, PrekeyShelf shelf)
    {
        _shelves.Remove(device);
        _stored -= shelf.Bundles.Count;
    }

    private async ValueTask OnTakeAsync(TakePrekey take)
    {
        IActorRef? asker = Sender;
        asker?.Tell(await GuardAsync(take.Device, forWriting: false, async shelf =>
        {
            while (shelf.Bundles.TryPeek(out (long Sequence, DateTimeOffset Expiry) oldest))
            {
                ReadOnlyMemory<byte>? bundle = oldest.Expiry > _node.Time.GetUtcNow()
                    ? await ReadAsync(take.Device, oldest.Sequence)
                    : null;

                // The deletion is what makes the hand-out durable, so it comes before the answer.
                await RemoveToAsync(take.Device, shelf, oldest.Sequence);
                if (bundle is { } found)
                {
                    return new BundleFound(found);
                }
            }

            return new Refused(RefusalReason.NotFound, "no one-time prekey of that device here");
        }));
    }

    private async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(NodeId device, long sequence)
    {
        await foreach (JournalEvent stored in _node.Journal.ReplayAsync(Prefix + device, sequence, Context.StopToken))
        {
            // A bare null would become an empty bundle on its way through byte[].
            return stored.Sequence == sequence ? stored.Payload : default(ReadOnlyMemory<byte>?);
        }

        return null;
    }

    private async ValueTask RemoveToAsync(NodeId device, PrekeyShelf shelf, long sequence)
    {
        await _node.Journal.DeleteToAsync(Prefix + device, sequence, Context.StopToken);
        while (shelf.Bundles.TryPeek(out (long Sequence, DateTimeOffset Expiry) first) && first.Sequence <= sequence)
        {
            shelf.Bundles.Dequeue();
            _stored--;
        }
    }

    private async ValueTask OnCountAsync(CountPrekeys count)
    {
        IActorRef? asker = Sender;
        asker?.Tell(await GuardAsync(
            count.Device,
            forWriting: false,
            shelf => ValueTask.FromResult<LinkMessage>(new PrekeysStored((uint)shelf.Bundles.Count))));
    }

    private async ValueTask<LinkMessage> GuardAsync(
        NodeId device, bool forWriting, Func<PrekeyShelf, ValueTask<LinkMessage>> work)
    {
        try
        {
            return await work(await ShelfAsync(device, forWriting));
        }
        catch (JournalException error)
        {
            _node.Counters.NoteWrite(succeeded: false, error.Message);
            _node.Logger.PrekeysWriteFailed(device.Short, error.Message);
            return new Refused(RefusalReason.StorageFailed, error.Message);
        }
    }

    private async ValueTask<PrekeyShelf> ShelfAsync(NodeId device, bool forWriting)
    {
        if (_shelves.TryGetValue(device, out PrekeyShelf? known))
        {
            return known;
        }

        string id = Prefix + device;
        CancellationToken ct = Context.StopToken;
        if (!forWriting && await _node.Journal.HighestSequenceAsync(id, ct) == 0)
        {
            // A question about a device that never stored anything leaves no trace.
            return new PrekeyShelf(0);
        }

        var shelf = new PrekeyShelf(await _node.Journal.AcquireEpochAsync(id, ct));
        await foreach (JournalEvent stored in _node.Journal.ReplayAsync(id, 0, ct))
        {
            shelf.Bundles.Enqueue((
                stored.Sequence,
                PrekeyBundle.TryDecode(stored.Payload.Span, out PrekeyBundle? bundle) ? bundle.Expiry : default));
        }

        shelf.Sequence = await _node.Journal.HighestSequenceAsync(id, ct);
        _shelves.Add(device, shelf);
        _stored += shelf.Bundles.Count;
        return shelf;
    }

    private async ValueTask OnSweepAsync()
    {
        _toSweep.Clear();
        try
        {
            await foreach (string id in _node.Journal.PersistenceIdsAsync(Prefix, Context.StopToken))
            {
                if (NodeId.TryParse(id[Prefix.Length..], out NodeId device))
                {
                    _toSweep.Enqueue(device);
                }
            }
        }
        catch (JournalException error)
        {
            _node.Logger.PrekeysWriteFailed("of all", error.Message);
        }

        Self.Tell(new SweepNext());
    }

    /// <summary>One device in a turn, so that requests are not held up.</summary>
    private async ValueTask OnSweepNextAsync()
    {
        if (!_toSweep.TryDequeue(out NodeId device))
        {
            return;
        }

        await GuardAsync(device, forWriting: false, async shelf =>
        {
            DateTimeOffset now = _node.Time.GetUtcNow();
            (long Sequence, DateTimeOffset Expiry)[] ended = [.. shelf.Bundles.TakeWhile(b => b.Expiry <= now)];
            if (ended.Length > 0)
            {
                await RemoveToAsync(device, shelf, ended[^1].Sequence);
            }

            return new Done();
        });
        Self.Tell(new SweepNext());
    }

    private sealed record SweepTick;

    private sealed record SweepNext;
}
