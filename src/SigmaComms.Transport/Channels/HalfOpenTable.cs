using SigmaComms.Cryptography;

namespace SigmaComms.Transport.Channels;

/// <summary>
/// The connections that have not yet proved who they are, bounded in all and per address. A new one is always taken:
/// when its address has as many as it may, the oldest of that address goes, and when the table is full, the oldest of
/// the address that has most. An honest handshake takes milliseconds, so what is oldest is what idles, and no address
/// can shut others out.
/// </summary>
/// <remarks>Safe to call from any thread.</remarks>
internal sealed class HalfOpenTable(int max, int perAddressMax)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, LinkedList<HalfOpen>> _byAddress = [];

    // Addresses by how many they have, so that the greatest is found at once while the table is full.
    private readonly SortedSet<(int Count, UInt128 Address)> _bySize = [];
    private int _count;

    /// <summary>Connections in the table.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Takes a connection in.</summary>
    /// <param name="address">The key of its address.</param>
    /// <param name="end">Ends it, if it must go.</param>
    /// <param name="ofAddress">Receives how many of its address are in now.</param>
    /// <param name="evicted">Receives who had to go; the caller ends it.</param>
    public HalfOpen Enter(UInt128 address, Action end, out int ofAddress, out HalfOpen? evicted)
    {
        var entry = new HalfOpen(address, end);
        lock (_gate)
        {
            evicted = null;
            if (_byAddress.TryGetValue(address, out LinkedList<HalfOpen>? own) && own.Count >= perAddressMax)
            {
                evicted = own.First!.Value;
            }
            else if (_count >= max)
            {
                evicted = _byAddress[_bySize.Max.Address].First!.Value;
            }

            if (evicted is not null)
            {
                Remove(evicted);
            }

            LinkedList<HalfOpen> list = ListOf(address);
            Resize(address, list.Count, list.Count + 1);
            list.AddLast(entry.Place);
            _count++;
            ofAddress = list.Count;
            Invariant.Holds(_count <= max && list.Count <= perAddressMax);
            return entry;
        }
    }

    /// <summary>The connection is no longer half open, however that ended. Does nothing if it had to go.</summary>
    public void Leave(HalfOpen entry)
    {
        lock (_gate)
        {
            Remove(entry);
        }
    }

    private LinkedList<HalfOpen> ListOf(UInt128 address)
    {
        if (!_byAddress.TryGetValue(address, out LinkedList<HalfOpen>? list))
        {
            list = new LinkedList<HalfOpen>();
            _byAddress[address] = list;
        }

        return list;
    }

    private void Remove(HalfOpen entry)
    {
        if (entry.Place.List is not { } list)
        {
            return; // It had to go before.
        }

        list.Remove(entry.Place);
        _count--;
        Resize(entry.Address, list.Count + 1, list.Count);
        if (list.Count == 0)
        {
            _byAddress.Remove(entry.Address);
        }
    }

    private void Resize(UInt128 address, int before, int after)
    {
        if (before > 0)
        {
            _bySize.Remove((before, address));
        }

        if (after > 0)
        {
            _bySize.Add((after, address));
        }
    }
}
