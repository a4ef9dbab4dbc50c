using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Namespace;

/// <summary>
/// The entries of a directory: found by name through a hash table, listed by cookies that never change while an entry
/// lives and only ever grow. Its hash differs from process to process and reaches no result.
/// </summary>
internal sealed class DirectoryTable(ulong parent)
{
    /// <summary>The first cookie; a listing uses 1 and 2 for "." and "..".</summary>
    public const ulong FirstCookie = 3;

    private const int None = -1;
    private const int ScannedMax = 8;

    private Slot[] _slots = [];
    private int[]? _buckets;
    private int _used;

    /// <summary>The directory this one is in; the root is in itself.</summary>
    public ulong Parent { get; set; } = parent;

    /// <summary>How many entries there are.</summary>
    public int Count { get; private set; }

    /// <summary>What the next entry gets.</summary>
    public ulong NextCookie { get; set; } = FirstCookie;

    /// <summary>Finds a name; gives its inode and cookie, or (0, 0).</summary>
    public (ulong Inode, ulong Cookie) Find(ReadOnlySpan<byte> name)
    {
        int at = IndexOf(name, HashOf(name));
        return at == None ? default : (_slots[at].Inode, _slots[at].Cookie);
    }

    /// <summary>Adds a name that is not there.</summary>
    /// <param name="name">The name.</param>
    /// <param name="inode">What it stands for.</param>
    /// <param name="keepPlaces">Whether entries that are gone must be able to come back.</param>
    public void Add(byte[] name, ulong inode, bool keepPlaces)
    {
        MakeRoom(keepPlaces);
        Append(name, HashOf(name), inode, NextCookie++);
    }

    /// <summary>Takes the newest entry back.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="nextCookie">What the next entry had got before it.</param>
    public void TakeBack(ReadOnlySpan<byte> name, ulong nextCookie)
    {
        Remove(name);
        Invariant.Holds(_used > 0 && _slots[_used - 1].Name is null);
        _used--;
        NextCookie = nextCookie;
    }

    /// <summary>Lets a name that is there stand for another inode.</summary>
    public void Replace(ReadOnlySpan<byte> name, ulong inode)
    {
        int at = IndexOf(name, HashOf(name));
        Invariant.Holds(at != None);
        _slots[at].Inode = inode;
    }

    /// <summary>Removes a name that is there.</summary>
    public void Remove(ReadOnlySpan<byte> name)
    {
        int hash = HashOf(name);
        int at = IndexOf(name, hash);
        Invariant.Holds(at != None);
        if (_buckets is not null)
        {
            ref int link = ref _buckets[hash & (_buckets.Length - 1)];
            while (link != at)
            {
                link = ref _slots[link].Next;
            }

            link = _slots[at].Next;
        }

        // The cookie stays, so that the slots stay sorted by it.
        _slots[at].Name = null;
        _slots[at].Inode = 0;
        Count--;
    }

    /// <summary>Puts a removed entry back where it was.</summary>
    public void Restore(byte[] name, ulong inode, ulong cookie)
    {
        int at = FirstAbove(cookie - 1);
        Invariant.Holds(at < _used && _slots[at].Cookie == cookie && _slots[at].Name is null);
        (_slots[at].Name, _slots[at].Inode) = (name, inode);
        Enter(at);
        Count++;
    }

    /// <summary>The entries with a cookie above one, ascending.</summary>
    public IEnumerable<DirectoryItem> From(ulong afterCookie)
    {
        for (int at = FirstAbove(afterCookie); at < _used; at++)
        {
            if (_slots[at].Name is { } name)
            {
                yield return new DirectoryItem(new EntryName(name), _slots[at].Inode, _slots[at].Cookie);
            }
        }
    }

    /// <summary>Adds an entry of a snapshot; cookies ascend.</summary>
    public void AddStored(byte[] name, ulong inode, ulong cookie)
    {
        MakeRoom(keepPlaces: false);
        Append(name, HashOf(name), inode, cookie);
    }

    private static int HashOf(ReadOnlySpan<byte> name)
    {
        HashCode hash = default;
        hash.AddBytes(name);
        return hash.ToHashCode();
    }

    private int IndexOf(ReadOnlySpan<byte> name, int hash)
    {
        if (_buckets is null)
        {
            for (int at = 0; at < _used; at++)
            {
                if (_slots[at].Hash == hash && _slots[at].Name is { } other && name.SequenceEqual(other))
                {
                    return at;
                }
            }

            return None;
        }

        int found = _buckets[hash & (_buckets.Length - 1)];
        while (found != None && !(_slots[found].Hash == hash && name.SequenceEqual(_slots[found].Name)))
        {
            found = _slots[found].Next;
        }

        return found;
    }

    private int FirstAbove(ulong cookie)
    {
        (int low, int high) = (0, _used);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _slots[middle].Cookie <= cookie ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private void MakeRoom(bool keepPlaces)
    {
        if (_used < _slots.Length)
        {
            return;
        }

        if (!keepPlaces)
        {
            int kept = 0;
            for (int at = 0; at < _used; at++)
            {
                if (_slots[at].Name is not null)
                {
                    _slots[kept++] = _slots[at];
                }
            }

            _slots.AsSpan(kept).Clear();
            _used = kept;
        }

        // Half of the room may have been entries that were gone; then the same room is enough.
        if (_used > _slots.Length / 2 || _slots.Length == 0)
        {
            Array.Resize(ref _slots, Math.Max(4, _slots.Length * 2));
        }

        int size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)_slots.Length);
        _buckets = size > ScannedMax ? new int[size] : null;
        _buckets?.AsSpan().Fill(None);
        for (int at = 0; at < _used; at++)
        {
            if (_slots[at].Name is not null)
            {
                Enter(at);
            }
        }
    }

    private void Append(byte[] name, int hash, ulong inode, ulong cookie)
    {
        _slots[_used] = new Slot { Name = name, Inode = inode, Cookie = cookie, Hash = hash };
        Enter(_used++);
        Count++;
    }

    private void Enter(int at)
    {
        if (_buckets is not null)
        {
            ref int bucket = ref _buckets[_slots[at].Hash & (_buckets.Length - 1)];
            _slots[at].Next = bucket;
            bucket = at;
        }
    }

    private struct Slot
    {
        public byte[]? Name;
        public ulong Inode;
        public ulong Cookie;
        public int Hash;
        public int Next;
    }
}
