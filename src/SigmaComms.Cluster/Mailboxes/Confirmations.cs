using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>Which messages other nodes have confirmed to keep, on their present links. Pure.</summary>
internal sealed class Confirmations
{
    private readonly Dictionary<NodeId, (long Session, HashSet<Digest16> Ids)> _byNode = [];

    /// <summary>Whether the node confirmed the message on these links.</summary>
    public bool Has(NodeId node, long session, Digest16 id) =>
        _byNode.TryGetValue(node, out (long Session, HashSet<Digest16> Ids) known)
        && known.Session == session && known.Ids.Contains(id);

    /// <summary>The node confirmed messages.</summary>
    public void Add(NodeId node, long session, IEnumerable<Digest16> ids)
    {
        if (!_byNode.TryGetValue(node, out (long Session, HashSet<Digest16> Ids) known) || known.Session != session)
        {
            known = (session, []);
            _byNode[node] = known;
        }

        known.Ids.UnionWith(ids);
    }

    /// <summary>The message is of no interest any more.</summary>
    public void Forget(Digest16 id)
    {
        foreach ((_, HashSet<Digest16> ids) in _byNode.Values)
        {
            ids.Remove(id);
        }
    }
}
