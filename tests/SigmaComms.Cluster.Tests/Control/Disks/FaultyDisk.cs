using SigmaComms.Cluster.Disks;

namespace SigmaComms.Cluster.Tests.Control.Disks;

/// <summary>
/// A disk in memory that fails as disks do, the same way for the same seed and the same calls: torn, lost, reordered
/// and misdirected writes, rot, no space, errors of reads, writes and syncs, slowness, power cuts and killed processes.
/// </summary>
/// <remarks>
/// For one thread. Reads see all writes, as with a page cache; <see cref="Cut"/> says what was on the platter.
/// </remarks>
internal sealed class FaultyDisk(int seed, FaultRates? rates = null) : IDisk
{
    private const int SectorSize = 512;
    private const int PageSize = 4_096;

    private readonly Random _random = new(seed);
    private readonly FaultRates _rates = rates ?? new FaultRates();
    private readonly HashSet<string> _locks = [];
    private readonly List<(long Order, Action<SortedDictionary<string, FaultyContent>> Change)> _unsyncedNames = [];
    private SortedDictionary<string, FaultyContent> _names = new(StringComparer.Ordinal);
    private SortedDictionary<string, FaultyContent> _durableNames = new(StringComparer.Ordinal);
    private long _order;

    /// <summary>Counts power cuts and kills; files opened in an earlier life are dead.</summary>
    public int Life { get; private set; }

    /// <summary>Operations that change something, since the disk was made: what a power cut can come between.</summary>
    public int ChangeCount { get; private set; }

    /// <summary>The power fails before the change of this number, from 0; null for never.</summary>
    public int? CutAt { get; set; }

    /// <summary>Says what happens to an operation on a file; null leaves it to the rates.</summary>
    public Func<DiskOperation, string, DiskFault>? Plan { get; set; }

    /// <summary>Time that operations took so far; whoever simulates time lets it pass.</summary>
    public TimeSpan Busy { get; private set; }

    /// <summary>Faults that happened.</summary>
    public int FaultCount { get; private set; }

    public IReadOnlyList<string> ListNames() => [.. _names.Keys];

    public IDiskFile Create(string name, long sizeBytes)
    {
        Change(DiskOperation.Create, name);
        FaultyContent content = new();
        content.SetAside(sizeBytes);
        ChangeNames(names => names[name] = content);
        return new FaultyFile(this, name, content);
    }

    public IDiskFile Open(string name)
    {
        Meet(DiskOperation.Open, name);
        return _names.TryGetValue(name, out FaultyContent? content)
            ? new FaultyFile(this, name, content)
            : throw new FileNotFoundException($"There is no '{name}'.");
    }

    public void Rename(string from, string to)
    {
        Change(DiskOperation.Rename, from);
        ChangeNames(names =>
        {
            if (names.Remove(from, out FaultyContent? content))
            {
                names[to] = content;
            }
        });
    }

    public void Delete(string name)
    {
        Change(DiskOperation.Delete, name);
        ChangeNames(names => names.Remove(name));
    }

    public void SyncNames()
    {
        Change(DiskOperation.SyncNames, "");
        Busy += _rates.SyncFor;
        _unsyncedNames.ForEach(change => change.Change(_durableNames));
        _unsyncedNames.Clear();
    }

    public void SyncTogether(IDiskFile first, IDiskFile second)
    {
        bool isSwapped = _random.Next(2) == 0;
        (isSwapped ? second : first).Sync();
        (isSwapped ? first : second).Sync();
    }

    public IDisposable Lock(string name)
    {
        if (!_locks.Add(name))
        {
            throw new IOException($"'{name}' is locked.");
        }

        int life = Life;
        return new Release(() => _ = life == Life && _locks.Remove(name));
    }

    /// <summary>The process dies, the kernel lives: the page cache stays.</summary>
    public void Kill()
    {
        Life++;
        CutAt = null;
        _locks.Clear();
    }

    /// <summary>
    /// The power fails; of what was not synced, each sector and each change of names is kept or not by chance.
    /// </summary>
    public void Cut()
    {
        foreach (FaultyContent content in AllContents())
        {
            if (_random.Next(2) == 0)
            {
                content.KeepSize();
            }

            foreach ((_, long offset, byte[] bytes) in content.Unsynced)
            {
                KeepSectors(content, offset, bytes);
            }
        }

        // A sync of names that was not reached promises no order of what came before it.
        Restart(_ => _random.Next(2) == 0);
    }

    /// <summary>
    /// The power fails; what was not synced is kept up to a number of units: bytes, and changes of names.
    /// </summary>
    public void Cut(long units)
    {
        IEnumerable<(long Order, FaultyContent? Content, long Offset, byte[] Bytes)> writes = AllContents()
            .SelectMany(c => c.Unsynced.Select(w => (w.Order, (FaultyContent?)c, w.Offset, w.Bytes)));
        IEnumerable<(long, FaultyContent?, long, byte[])> changes =
            _unsyncedNames.Select(change => (change.Order, (FaultyContent?)null, 0L, new byte[1]));
        long namesUntil = 0;
        foreach ((long order, FaultyContent? content, long offset, byte[] bytes) in writes.Concat(changes)
            .OrderBy(write => write.Item1))
        {
            int kept = (int)Math.Min(units, bytes.Length);
            units -= kept;
            if (content is null)
            {
                namesUntil = kept > 0 ? order + 1 : namesUntil;
            }
            else if (kept > 0)
            {
                content.KeepSize();
                content.Keep(offset, bytes.AsSpan(0, kept));
            }
        }

        Restart(order => order < namesUntil);
    }

    /// <summary>How many units of <see cref="Cut(long)"/> are not synced.</summary>
    public long UnsyncedUnits =>
        AllContents().Sum(content => content.Unsynced.Sum(write => (long)write.Bytes.Length)) + _unsyncedNames.Count;

    /// <summary>Whether all that was written to some files is on the platter.</summary>
    public bool IsSynced(Func<string, bool> isMeant)
    {
        foreach ((string name, FaultyContent content) in _names)
        {
            if (content.Unsynced.Count > 0 && isMeant(name))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Bits change on the platter.</summary>
    public void Rot(string name, long offset, byte mask = 1) => _names[name].Flip(offset, mask);

    /// <summary>A file is gone, durably.</summary>
    public void Lose(string name)
    {
        _names.Remove(name);
        _durableNames.Remove(name);
    }

    /// <summary>What readers of a file see.</summary>
    public byte[] BytesOf(string name) => [.. _names[name].Cached];

    /// <summary>How many bytes of a file are on the platter.</summary>
    public int DurableSizeOf(string name) => _names[name].Durable.Length;

    /// <summary>A disk with the same content and another life; for trying many deaths from one state.</summary>
    public FaultyDisk Copy(int copySeed)
    {
        FaultyDisk copy = new(copySeed, _rates);
        Dictionary<FaultyContent, FaultyContent> copies = [];
        FaultyContent CopyOf(FaultyContent content) =>
            copies.TryGetValue(content, out FaultyContent? known) ? known : copies[content] = content.Copy();
        foreach ((string name, FaultyContent content) in _names)
        {
            copy._names[name] = CopyOf(content);
        }

        foreach ((string name, FaultyContent content) in _durableNames)
        {
            copy._durableNames[name] = CopyOf(content);
        }

        if (_unsyncedNames.Count > 0)
        {
            throw new InvalidOperationException("A disk with unsynced names cannot be copied.");
        }

        return copy;
    }

    internal int Read(FaultyFile file, int life, long offset, Span<byte> destination)
    {
        RequireAlive(life);
        Meet(DiskOperation.Read, file.Name);
        byte[] cached = file.Content.Cached;
        int count = (int)Math.Clamp(cached.Length - offset, 0, destination.Length);
        cached.AsSpan((int)Math.Min(offset, cached.Length), count).CopyTo(destination);
        return count;
    }

    internal void Write(FaultyFile file, int life, long offset, ReadOnlySpan<byte> bytes)
    {
        RequireAlive(life);
        switch (Change(DiskOperation.Write, file.Name))
        {
            case DiskFault.Lose:
                file.Content.WriteToCache(offset, bytes);
                break;
            case DiskFault.Misdirect:
                file.Content.Write(_order++, OtherPlace(file, offset), bytes);
                break;
            default:
                file.Content.Write(_order++, offset, bytes);
                break;
        }
    }

    internal void Sync(FaultyFile file, int life)
    {
        RequireAlive(life);
        Busy += _rates.SyncFor;
        try
        {
            Change(DiskOperation.Sync, file.Name);
        }
        catch (IOException)
        {
            // As Linux does: the pages stay readable and are called clean.
            file.Content.Unsynced.Clear();
            throw;
        }

        file.Content.Sync();
    }

    private DiskFault Change(DiskOperation operation, string name)
    {
        if (CutAt == ChangeCount++)
        {
            throw new PowerCutException();
        }

        return Meet(operation, name);
    }

    private DiskFault Meet(DiskOperation operation, string name)
    {
        DiskFault fault = Plan?.Invoke(operation, name) ?? _rates.Draw(_random, operation);
        FaultCount += fault == DiskFault.None ? 0 : 1;
        switch (fault)
        {
            case DiskFault.PowerCut:
                throw new PowerCutException();
            case DiskFault.NoSpace:
                throw new DiskFullException($"No space is left for '{name}'.");
            case DiskFault.Error:
                throw new IOException($"{operation} of '{name}' failed: input/output error.");
            case DiskFault.Slow:
                Busy += _rates.SlowFor;
                break;
        }

        return fault;
    }

    private long OtherPlace(FaultyFile file, long offset)
    {
        int pages = (int)Math.Max(2, file.Length / PageSize);
        long page = ((offset / PageSize) + 1 + _random.Next(pages - 1)) % pages;
        return (page * PageSize) + (offset % PageSize);
    }

    private void RequireAlive(int life)
    {
        if (life != Life)
        {
            throw new PowerCutException();
        }
    }

    private void ChangeNames(Action<SortedDictionary<string, FaultyContent>> change)
    {
        change(_names);
        _unsyncedNames.Add((_order++, change));
    }

    private IEnumerable<FaultyContent> AllContents() => _names.Values.Concat(_durableNames.Values).Distinct();

    private void KeepSectors(FaultyContent content, long offset, byte[] bytes)
    {
        for (int at = 0; at < bytes.Length;)
        {
            int sizeBytes = (int)Math.Min(SectorSize - ((offset + at) % SectorSize), bytes.Length - at);
            int kept = _random.Next(8) switch
            {
                0 => _random.Next(sizeBytes),
                < 4 => 0,
                _ => sizeBytes,
            };
            if (kept > 0)
            {
                content.KeepSize();
                content.Keep(offset + at, bytes.AsSpan(at, kept));
            }

            at += sizeBytes;
        }
    }

    private void Restart(Func<long, bool> isNameKept)
    {
        foreach ((long order, Action<SortedDictionary<string, FaultyContent>> change) in _unsyncedNames)
        {
            if (isNameKept(order))
            {
                change(_durableNames);
            }
        }

        _unsyncedNames.Clear();
        foreach (FaultyContent content in AllContents())
        {
            content.Restart();
        }

        _names = new SortedDictionary<string, FaultyContent>(_durableNames, StringComparer.Ordinal);
        _durableNames = new SortedDictionary<string, FaultyContent>(_names, StringComparer.Ordinal);
        Kill();
    }

    private sealed class Release(Action release) : IDisposable
    {
        public void Dispose() => release();
    }
}
