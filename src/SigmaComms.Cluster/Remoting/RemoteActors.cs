using System.Collections.Concurrent;
using System.Text;
using SigmaComms.Actors;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Remoting;

/// <summary>
/// The actors of other nodes as this one sees them, and those of this node that others may find. A node can address
/// only what it was given in a message, or finds under a name whose list names it.
/// </summary>
/// <remarks>Safe to call from any thread. Only admitted nodes have an entry, which bounds the table.</remarks>
public sealed class RemoteActors
{
    /// <summary>The most names on one node.</summary>
    public const int NamesMax = 1_024;

    private readonly ConcurrentDictionary<NodeId, RemotePeer> _peers = new();
    private readonly ConcurrentDictionary<NodeId, bool> _evicted = new();
    private readonly Dictionary<string, NamedActor> _names = [];
    private readonly Lock _gate = new();
    private IActorRef? _root;

    internal RemoteActors(ActorSystem system, ulong incarnation, MessageRegistry messages)
    {
        messages.Seal();
        System = system;
        Incarnation = incarnation;
        Messages = messages;
    }

    internal ActorSystem System { get; }

    internal ulong Incarnation { get; }

    internal MessageRegistry Messages { get; }

    /// <summary>Lets some nodes find an actor under a name, in place of what had the name before.</summary>
    /// <param name="name">The name, at most 64 bytes of UTF-8.</param>
    /// <param name="actor">The actor.</param>
    /// <param name="allowed">The nodes that may find it; to all others there is no such name.</param>
    /// <exception cref="ArgumentException">The name is empty or too long.</exception>
    /// <exception cref="InvalidOperationException">There are too many names.</exception>
    public void RegisterName(string name, IActorRef actor, IReadOnlyCollection<NodeId> allowed)
    {
        RequireName(name);
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(allowed);
        lock (_gate)
        {
            if (_names.Count >= NamesMax && !_names.ContainsKey(name))
            {
                throw new InvalidOperationException($"A node has at most {NamesMax} names.");
            }

            _names[name] = new NamedActor(actor, allowed.ToHashSet());
        }
    }

    /// <summary>Nobody finds the name any more. Who found it before can still address the actor.</summary>
    /// <param name="name">The name.</param>
    public void RemoveName(string name)
    {
        lock (_gate)
        {
            _names.Remove(name);
        }
    }

    /// <summary>Finds an actor of another node by its name.</summary>
    /// <param name="node">The node.</param>
    /// <param name="name">The name.</param>
    /// <param name="timeout">How long the answer may take.</param>
    /// <param name="ct">Gives up the wait.</param>
    /// <returns>Null if there is none for this node, or the node cannot be reached.</returns>
    public async Task<IActorRef?> FindAsync(NodeId node, string name, TimeSpan timeout, CancellationToken ct)
    {
        RequireName(name);
        return _peers.TryGetValue(node, out RemotePeer? peer) ? await peer.ResolveAsync(name, timeout, ct) : null;
    }

    /// <summary>The actor under which the desks of the peers stand has started.</summary>
    internal IReadOnlyCollection<RemotePeer> Attach(IActorRef root)
    {
        Volatile.Write(ref _root, root);
        return [.. _peers.Values];
    }

    internal IActorRef? Named(string name, NodeId asking)
    {
        lock (_gate)
        {
            return _names.TryGetValue(name, out NamedActor? named) && named.Allowed.Contains(asking)
                ? named.Actor
                : null;
        }
    }

    internal void LinkUp(NodeId peer, ulong incarnation, IRemoteLink link)
    {
        _evicted.TryRemove(peer, out _);
        Open(peer).LinkUp(incarnation, link);
        System.EventStream.Publish(new NodeReachable(peer, incarnation));
    }

    internal void LinkDown(NodeId peer, string reason)
    {
        if (_peers.TryGetValue(peer, out RemotePeer? known) && known.LinkDown(reason))
        {
            System.EventStream.Publish(new NodeSuspected(peer, reason));
        }
    }

    /// <summary>The node takes part no longer.</summary>
    internal void Evict(NodeId peer)
    {
        _evicted[peer] = true;
        if (_peers.TryRemove(peer, out RemotePeer? known))
        {
            known.Evict();
            Volatile.Read(ref _root)?.Tell(new RemotingActor.PeerEvicted(known));
        }
    }

    /// <summary>A batch of a peer arrived; called in the order of arrival.</summary>
    internal void Accept(NodeId peer, ActorBatch batch)
    {
        // What an evicted node sent before its links were cut is nothing any more.
        if (!_evicted.ContainsKey(peer))
        {
            Open(peer).Accept(batch);
        }
    }

    /// <summary>Whether the peer is the one that its node has now.</summary>
    internal bool Has(RemotePeer peer) =>
        _peers.TryGetValue(peer.Id, out RemotePeer? known) && ReferenceEquals(known, peer);

    internal RemotePeer Open(NodeId id)
    {
        if (_peers.TryGetValue(id, out RemotePeer? known))
        {
            return known;
        }

        var made = new RemotePeer(this, id);
        RemotePeer peer = _peers.GetOrAdd(id, made);
        if (ReferenceEquals(peer, made))
        {
            Volatile.Read(ref _root)?.Tell(new RemotingActor.PeerOpened(peer));
        }

        return peer;
    }

    private static void RequireName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (Encoding.UTF8.GetByteCount(name) > LinkLimits.NameBytes)
        {
            throw new ArgumentException($"A name has at most {LinkLimits.NameBytes} bytes.", nameof(name));
        }
    }
}
