using System.Collections.Concurrent;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Peers;

/// <summary>The links that can be used now, by peer. Only the peer's own actor writes its entry.</summary>
internal sealed class LinkTable
{
    private readonly ConcurrentDictionary<NodeId, PeerLinks> _links = new();
    private long _lastSession;

    /// <summary>The peers with usable links.</summary>
    public IEnumerable<NodeId> Peers => _links.Keys;

    /// <summary>The links to a peer, or null.</summary>
    public PeerLinks? Find(NodeId peer) => _links.GetValueOrDefault(peer);

    /// <summary>
    /// A number for a new pair of links. Not the actor's own to count: it begins anew after a failure, and what was
    /// agreed on the links before would seem to hold on the new ones.
    /// </summary>
    public long NextSession() => Interlocked.Increment(ref _lastSession);

    /// <summary>The links to a peer can be used.</summary>
    public void Set(NodeId peer, PeerLinks links) => _links[peer] = links;

    /// <summary>The links to a peer can no longer be used.</summary>
    public void Remove(NodeId peer) => _links.TryRemove(peer, out _);
}
