using SigmaComms.Actors;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence;

namespace SigmaComms.Cluster.Directory;

/// <summary>
/// The one-time prekeys that clients left on this node. They are on no other node, and the removal of one is durable
/// before it is handed out: so nobody gets one twice, however the network is cut.
/// </summary>
internal sealed class PrekeysActor : ReceiveActor
{
    private const string Prefix = "prekeys/";
    private const uint AddedType = 1;
    private const byte Version = 1;

    private readonly NodeContext _node;
    private readonly Dictionary<NodeId, PrekeyShelf> _shelves = [];

    public PrekeysActor(NodeContext node)
    {
        _node = node;
        ReceiveAsync<StorePrekeys>(OnStoreAsync);
        ReceiveAsync<TakePrekey>(OnTakeAsync);
        ReceiveAsync<CountPrekeys>(OnCountAsync);
    }

    private async ValueTask OnStoreAsync(StorePrekeys store)
    {
        IActorRef? asker = Sender;
        asker?.Tell(await GuardAsync(store.Device, forWriting: true, async shelf =>
        {
            ReadOnlyMemory<byte>[] added =
                [.. store.OneTime.Take(Math.Max(0, _node.Options.PrekeysPerDeviceMax - shelf.Bundles.Count))];
            if (added.Length == 0 && store.OneTime.Count > 0)
            {
                return new Refused(RefusalReason.PrekeysFull, "the device has enough one-time prekeys here");
            }

            if (added.Length > 0)
            {
                AppendResult result = await _node.Journal.AppendAsync(
                    Prefix + store.Device,
                    shelf.Sequence,
                    shelf.Epoch,
                    [.. added.Select(bundle => new NewEvent(AddedType, Version, bundle))],
                    Context.StopToken);
                // Anything else means that what is stored is not known: restart and read the journal.
                Invariant.Holds(result.IsStored);
                foreach (ReadOnlyMemory<byte> bundle in added)
                {
                    shelf.Bundles.Enqueue((++shelf.Sequence, bundle));
                }
            }

            return new PrekeysStored((uint)shelf.Bundles.Count);
        }));
    }

    private async ValueTask OnTakeAsync(TakePrekey take)
    {
        IActorRef? asker = Sender;
        asker?.Tell(await GuardAsync(take.Device, forWriting: false, async shelf =>
        {
            while (shelf.Bundles.TryPeek(out (long Sequence, ReadOnlyMemory<byte> Bundle) oldest))
            {
                // The deletion is what makes the hand-out durable, so it comes first.
                await _node.Journal.DeleteToAsync(Prefix + take.Device, oldest.Sequence, Context.StopToken);
                shelf.Bundles.Dequeue();
                if (PrekeyBundle.TryDecode(oldest.Bundle.Span, out PrekeyBundle? bundle)
                    && bundle.Expiry > _node.Time.GetUtcNow())
                {
                    return new BundleFound(oldest.Bundle);
                }
            }

            return new Refused(RefusalReason.NotFound, "no one-time prekey of that device here");
        }));
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
            LinkMessage answer = await work(await ShelfAsync(device, forWriting));
            _node.Counters.NoteWrite(succeeded: true);
            return answer;
        }
        catch (JournalException error)
        {
            _node.Counters.NoteWrite(succeeded: false);
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
            shelf.Bundles.Enqueue((stored.Sequence, stored.Payload));
        }

        shelf.Sequence = await _node.Journal.HighestSequenceAsync(id, ct);
        _shelves.Add(device, shelf);
        return shelf;
    }
}
