using System.Collections.Concurrent;
using SigmaComms.Cluster.Attachments;
using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Storage.Collection;
using SigmaComms.Cluster.Storage.Doors;
using SigmaComms.Cryptography;
using SigmaComms.Persistence;
using SigmaComms.Persistence.Stripes;

namespace SigmaComms.Cluster.Storage.Repair;

/// <summary>Puts together what looks after the fragments of a node.</summary>
internal static class RepairStart
{
    /// <summary>Opens the book and makes the desk.</summary>
    /// <param name="node">The node.</param>
    /// <param name="shelf">Its fragments.</param>
    /// <param name="control">Its control log.</param>
    /// <param name="age">How long it keeps attachments.</param>
    /// <param name="room">How much these take.</param>
    public static RepairDesk Open(
        NodeContext node, IFragmentShelf shelf, ControlLog control, AttachmentAge age, AttachmentRoom room)
    {
        RepairOptions options = node.Options.Repair;
        ConcurrentDictionary<NodeId, PeerFragmentStore> peers = new();
        PlacementWatch watch = new(
            node.Self, control.Read, () => node.View, options.DownGrace, node.Time);
        return new RepairDesk(
            node.Self,
            shelf,
            peer => peers.GetOrAdd(peer, static (id, of) => new PeerFragmentStore(of, id), node),
            watch.Current,
            new ControlVaultLog(control),
            OpenBook(node),
            options,
            node.Repairs,
            age,
            room,
            node.Time,
            node.Logger);
    }

    private static IStripeBook OpenBook(NodeContext node)
    {
        try
        {
            return node.OpenStripeBook?.Invoke() ?? new InMemoryStripeBook();
        }
        catch (JournalException failure)
        {
            // Without what was written down before, what the logs do not say any more counts as missed, and is kept.
            node.Logger.BookNotOpened(failure.Message);
            return new InMemoryStripeBook();
        }
    }
}
