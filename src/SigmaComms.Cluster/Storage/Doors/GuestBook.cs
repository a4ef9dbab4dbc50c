using System.Collections.Concurrent;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Storage.Doors;

/// <summary>
/// Whose links ask for fragments here, and what each of them may hold: so much for a link, for a device over all its
/// links, and for all together; nodes have a part that no client can take, and reads one that no put can. Safe to use
/// from any thread.
/// </summary>
internal sealed class GuestBook(TimeProvider time)
{
    /// <summary>Bytes of puts that one device may hold here over all its links: 64 MiB.</summary>
    public const long DeviceBytesMax = 64L << 20;

    /// <summary>Bytes of puts that all clients may hold here: 256 MiB; all nodes may hold half of that.</summary>
    public const long ClientBytesMax = 256L << 20;

    /// <summary>Bytes of answers that all links may wait for: 128 MiB.</summary>
    public const long ReadBytesMax = 128L << 20;

    private readonly Lock _gate = new();
    private readonly ByteAccount _clients = new(ClientBytesMax, null);
    private readonly ByteAccount _nodes = new(ClientBytesMax / 2, null);
    private readonly ByteAccount _reads = new(ReadBytesMax, null);
    private readonly ConcurrentDictionary<StorageGuest, bool> _guests = new();
    private readonly Dictionary<NodeId, (ByteAccount Account, int Links)> _devices = [];

    /// <summary>Bytes that all links hold.</summary>
    public long Held => _clients.Held + _nodes.Held + _reads.Held;

    /// <summary>A link begins.</summary>
    public StorageGuest Enter(NodeId id, bool isNode)
    {
        ByteAccount share = isNode ? _nodes : ShareOf(id);
        StorageGuest guest = new(id, isNode, share, _reads, time) { Book = this };
        _guests[guest] = true;
        return guest;
    }

    /// <summary>A link has ended and given back what it held. May be called twice.</summary>
    public void Leave(StorageGuest guest)
    {
        if (!_guests.TryRemove(guest, out _) || guest.IsNode)
        {
            return;
        }

        lock (_gate)
        {
            (ByteAccount account, int links) = _devices[guest.Id];
            if (links == 1)
            {
                _devices.Remove(guest.Id);
            }
            else
            {
                _devices[guest.Id] = (account, links - 1);
            }
        }
    }

    /// <summary>Room is needed: fragments that stand half done and idle, of whatever link, are given up.</summary>
    public void DropIdle()
    {
        foreach (StorageGuest guest in _guests.Keys)
        {
            guest.DropIdle();
        }
    }

    private ByteAccount ShareOf(NodeId device)
    {
        lock (_gate)
        {
            (ByteAccount account, int links) = _devices.TryGetValue(device, out (ByteAccount, int) known)
                ? known
                : (new ByteAccount(DeviceBytesMax, _clients), 0);
            _devices[device] = (account, links + 1);
            return account;
        }
    }
}
