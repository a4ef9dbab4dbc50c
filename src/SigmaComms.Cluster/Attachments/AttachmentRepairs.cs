using SigmaComms.Cluster.Membership;
using SigmaComms.Cluster.Peers;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Attachments;

/// <summary>
/// Which attachments of this node must be looked at, where each belongs, and what other nodes have confirmed on their
/// present links. A node that does not answer keeps its place until it counts as down. Belongs to the attachments'
/// actor.
/// </summary>
internal sealed class AttachmentRepairs(NodeContext node)
{
    private readonly Queue<Digest16> _due = new();
    private readonly HashSet<Digest16> _isDue = [];
    private readonly HashSet<Digest16> _failed = [];
    private readonly Dictionary<Digest16, Dictionary<NodeId, (long Session, int Chunks)>> _confirmed = [];

    /// <summary>Attachments that are due.</summary>
    public int DueCount => _due.Count;

    /// <summary>The attachment must be looked at.</summary>
    public void SetDue(Digest16 attachment)
    {
        if (_isDue.Add(attachment))
        {
            _due.Enqueue(attachment);
        }
    }

    /// <summary>Copying failed: it is due again later.</summary>
    public void SetFailed(Digest16 attachment) => _failed.Add(attachment);

    /// <summary>What failed is due again.</summary>
    public void RetryFailed()
    {
        foreach (Digest16 attachment in _failed)
        {
            SetDue(attachment);
        }

        _failed.Clear();
    }

    /// <summary>The next attachment to look at.</summary>
    public bool TryTake(out Digest16 attachment) =>
        _due.TryDequeue(out attachment) && _isDue.Remove(attachment);

    /// <summary>A node that should have the attachment and has not confirmed so many chunks; null: none.</summary>
    public (NodeId Node, PeerLinks Links)? NextTarget(Digest16 attachment, int chunks)
    {
        foreach (NodeId owner in Owners(attachment))
        {
            if (owner != node.Self && node.View.IsUp(owner) && node.Links.Find(owner) is { } links
                && !HasConfirmed(attachment, owner, chunks))
            {
                return (owner, links);
            }
        }

        return null;
    }

    /// <summary>The node has all of so many chunks durably.</summary>
    public void Confirm(Digest16 attachment, NodeId owner, long session, int chunks)
    {
        if (!_confirmed.TryGetValue(attachment, out Dictionary<NodeId, (long Session, int Chunks)>? known))
        {
            known = [];
            _confirmed.Add(attachment, known);
        }

        known[owner] = (session, chunks);
    }

    /// <summary>
    /// Whether this node's copy may go: all nodes where it belongs have confirmed theirs, and all are better in rank.
    /// So the two best nodes that ever had it never drop it.
    /// </summary>
    public bool IsSurplus(Digest16 attachment, int chunks)
    {
        NodeId[] owners = [.. Owners(attachment)];
        NodeId[] better = [.. node.View.Rank(attachment.ToArray()).TakeWhile(other => other != node.Self)];
        return owners.Length == node.Options.Copies && !owners.Except(better).Any()
            && owners.All(owner => HasConfirmed(attachment, owner, chunks));
    }

    /// <summary>The attachment is not here any longer.</summary>
    public void Forget(Digest16 attachment) => _confirmed.Remove(attachment);

    private bool HasConfirmed(Digest16 attachment, NodeId owner, int chunks) =>
        _confirmed.TryGetValue(attachment, out Dictionary<NodeId, (long Session, int Chunks)>? known)
        && known.TryGetValue(owner, out (long Session, int Chunks) confirmed)
        && node.Links.Find(owner) is { } links
        && confirmed.Session == links.Session && confirmed.Chunks == chunks;

    private IEnumerable<NodeId> Owners(Digest16 attachment)
    {
        ClusterView view = node.View;
        return view.Rank(attachment.ToArray())
            .Where(other => view.Members[other].State is MemberState.Up or MemberState.Suspect)
            .OrderBy(other => view.Members[other].IsStorageFailing)
            .Take(node.Options.Copies);
    }
}
