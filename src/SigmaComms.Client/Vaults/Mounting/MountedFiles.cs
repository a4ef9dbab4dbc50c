using SigmaComms.Vault.Namespace;
using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Client.Vaults.Mounting;

/// <summary>The files that are open or have bytes that no node has yet.</summary>
internal sealed class MountedFiles : IAsyncDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, MountedFile> _files = [];
    private readonly VaultCore _core;
    private readonly MountFront _front;
    private readonly WriteBack _writeBack;
    private readonly MountOptions _options;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _pressed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _dirtyBytes;

    public MountedFiles(VaultCore core, MountFront front, WriteBack writeBack, MountOptions options)
    {
        (_core, _front, _writeBack, _options) = (core, front, writeBack, options);
        _running = options.IsReadOnly ? Task.CompletedTask : Task.Run(RunAsync, _stop.Token);
    }

    /// <summary>Memory that written bytes take.</summary>
    public long DirtyBytes => Volatile.Read(ref _dirtyBytes);

    /// <summary>The file, if it is open or dirty.</summary>
    public MountedFile? Find(ulong inode)
    {
        lock (_gate)
        {
            return _files.GetValueOrDefault(inode);
        }
    }

    /// <summary>Counts one who has it open.</summary>
    public MountedFile Open(ulong inode)
    {
        lock (_gate)
        {
            MountedFile file = Get(inode);
            file.Opens++;
            return file;
        }
    }

    /// <summary>Forgets a file that was not made after all.</summary>
    public void Drop(ulong inode)
    {
        lock (_gate)
        {
            _files.Remove(inode);
        }
    }

    /// <summary>One who had it open has closed it. A file without a name goes with the last.</summary>
    public void Close(ulong inode)
    {
        bool isGone;
        lock (_gate)
        {
            if (!_files.TryGetValue(inode, out MountedFile? file) || --file.Opens > 0)
            {
                return;
            }

            isGone = file.IsHeld;
            if (isGone || !IsDirty(file))
            {
                Remove(file);
            }
        }

        if (isGone)
        {
            ValueTask<Task<Errno>> released = _front.ForeseeAsync(
                state => state.TryStat(inode, out _) ? [new Release(inode)] : [], 0, _stop.Token);
            _ = released.AsTask();
        }
    }

    /// <summary>
    /// What keeps a file that is open when a name is taken from it; the caller holds the state's gate.
    /// </summary>
    public IReadOnlyList<NamespaceOperation> Keep(NamespaceState state, ulong parent, EntryName name)
    {
        state.Lookup(parent, name, out ulong inode);
        lock (_gate)
        {
            if (!_files.TryGetValue(inode, out MountedFile? file) || file.Opens == 0 || file.IsHeld
                || !state.TryStat(inode, out InodeStat stat) || stat.Links > 1 || stat.Kind == FileKind.Directory)
            {
                return [];
            }

            file.IsHeld = true;
            return [new Hold(inode)];
        }
    }

    /// <summary>What the namespace says, with what was written since.</summary>
    public InodeStat Merge(InodeStat stat)
    {
        if (Find(stat.Inode) is not { } file)
        {
            return stat;
        }

        lock (file.Gate)
        {
            long modified = file.ModifiedAt != 0 ? file.ModifiedAt : stat.ModifiedAt;
            return stat with
            {
                Size = file.Size >= 0 ? file.Size : stat.Size,
                ModifiedAt = modified,
                ChangedAt = Math.Max(stat.ChangedAt, file.IsDated ? 0 : modified),
            };
        }
    }

    /// <summary>Somebody sets the time of the last write.</summary>
    public void Date(ulong inode, long modifiedAt)
    {
        if (Find(inode) is { } file)
        {
            lock (file.Gate)
            {
                if (file.IsDirty)
                {
                    (file.ModifiedAt, file.IsDated) = (modifiedAt, true);
                }
            }
        }
    }

    /// <summary>The first written byte at or behind a place, and where these end; -1 if there is none.</summary>
    public (long First, long End) NextData(ulong inode, long at)
    {
        if (Find(inode) is not { } file)
        {
            return (-1, -1);
        }

        lock (file.Gate)
        {
            (long First, long End) dirty = file.Dirty.NextData(at);
            (long First, long End) leaving = file.Leaving?.NextData(at) ?? (-1, -1);
            return dirty.First < 0 || (leaving.First >= 0 && leaving.First < dirty.First) ? leaving : dirty;
        }
    }

    /// <summary>Writes a range; -1: at the end.</summary>
    public async ValueTask<Errno> WriteAsync(
        ulong inode, long offset, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        if (DirtyBytes > _options.DirtyBytesMax && await MakeRoomAsync(ct) is not Errno.None and var full)
        {
            return full;
        }

        MountedFile file;
        lock (_gate)
        {
            file = Get(inode);
        }

        while (true)
        {
            int moves = file.Moves;
            long known = _front.Look(state => state.TryStat(inode, out InodeStat stat) ? stat.Size : -1);
            if (known < 0)
            {
                return Errno.Stale;
            }

            lock (file.Gate)
            {
                // What moved meanwhile is in the size that the namespace knows, or no longer.
                if (file.Moves == moves)
                {
                    return Write(file, known, offset, bytes.Span);
                }
            }
        }
    }

    /// <summary>Cuts or lengthens a file.</summary>
    public ValueTask<Errno> TruncateAsync(ulong inode, long size, CancellationToken ct) => AlterAsync(
        inode,
        file =>
        {
            file.Dirty.Cut(size, long.MaxValue);
            file.Size = file.Dirty.IsEmpty ? -1 : size;
        },
        now => new Truncate(inode, size, now),
        ct);

    /// <summary>Makes a range read as zeros.</summary>
    public ValueTask<Errno> PunchHoleAsync(ulong inode, long offset, long length, CancellationToken ct) => AlterAsync(
        inode,
        file => file.Dirty.Cut(offset, offset + length),
        now => new PunchHole(inode, offset, length, now),
        ct);

    /// <summary>Stores what was written into one file.</summary>
    public ValueTask<Errno> StoreAsync(ulong inode, CancellationToken ct) =>
        Find(inode) is { } file ? StoreAsync([file], ct) : new ValueTask<Errno>(Errno.None);

    /// <summary>Stores what was written.</summary>
    public ValueTask<Errno> StoreAllAsync(CancellationToken ct)
    {
        List<MountedFile> dirty;
        lock (_gate)
        {
            dirty = [.. _files.Values.Where(IsDirty)];
        }

        return StoreAsync(dirty, ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _stop.Dispose();
    }

    private Errno Write(MountedFile file, long known, long offset, ReadOnlySpan<byte> bytes)
    {
        if (file.Lost is not Errno.None and var lost)
        {
            file.Lost = Errno.None;
            return lost;
        }

        long size = file.Size >= 0 ? file.Size : known;
        long at = offset < 0 ? size : offset;
        if (at + bytes.Length > NamespaceLimits.FileSizeMax)
        {
            return Errno.TooLarge;
        }

        long before = file.Dirty.RoomBytes;
        file.DirtySince = file.Dirty.IsEmpty ? _core.Options.Time.GetTimestamp() : file.DirtySince;
        file.Dirty.Write(at, bytes);
        (file.Size, file.ModifiedAt, file.IsDated) = (Math.Max(size, at + bytes.Length), _core.Now, false);
        Interlocked.Add(ref _dirtyBytes, file.Dirty.RoomBytes - before);
        return Errno.None;
    }

    private static bool IsDirty(MountedFile file)
    {
        lock (file.Gate)
        {
            return file.IsDirty;
        }
    }

    private MountedFile Get(ulong inode)
    {
        if (!_files.TryGetValue(inode, out MountedFile? file))
        {
            _files.Add(inode, file = new MountedFile(inode));
        }

        return file;
    }

    private void Remove(MountedFile file)
    {
        lock (file.Gate)
        {
            Interlocked.Add(ref _dirtyBytes, -file.Dirty.RoomBytes);
            file.Dirty = new DirtyRanges();
        }

        _files.Remove(file.Inode);
    }

    private async ValueTask<Errno> AlterAsync(
        ulong inode, Action<MountedFile> alter, Func<long, NamespaceOperation> operation, CancellationToken ct)
    {
        MountedFile file;
        lock (_gate)
        {
            file = Get(inode);
        }

        await file.Turn.WaitAsync(ct);
        try
        {
            // The namespace first: it says whether the file is one.
            Errno error = await _front.ChangeAsync(_ => [operation(_core.Now)], ct);
            if (error == Errno.None)
            {
                lock (file.Gate)
                {
                    long before = file.Dirty.RoomBytes;
                    alter(file);
                    file.Moves++;
                    (file.ModifiedAt, file.IsDated) = (file.IsDirty ? _core.Now : 0, false);

                    Interlocked.Add(ref _dirtyBytes, file.Dirty.RoomBytes - before);
                }
            }

            return error;
        }
        finally
        {
            file.Turn.Release();
            Tidy([file]);
        }
    }

    private async ValueTask<Errno> StoreAsync(List<MountedFile> files, CancellationToken ct)
    {
        if (files.Count == 0)
        {
            return Errno.None;
        }

        // Whoever gives up waiting must not take the way from others' bytes: what has begun goes on.
        Task<Errno> storing = StoreOnAsync(files);
        try
        {
            return await storing.WaitAsync(_options.DurableWait, _core.Options.Time, ct);
        }
        catch (TimeoutException)
        {
            return Errno.Io;
        }
    }

    private async Task<Errno> StoreOnAsync(List<MountedFile> files)
    {
        Errno error = await _writeBack.StoreAsync(files, _stop.Token);
        Tidy(files);
        return error;
    }

    /// <summary>Forgets files that are neither open nor dirty, and counts what is dirty.</summary>
    private void Tidy(IReadOnlyList<MountedFile> files)
    {
        long dirty = 0;
        lock (_gate)
        {
            foreach (MountedFile file in files)
            {
                if (file.Opens == 0 && !IsDirty(file) && file.Turn.CurrentCount > 0)
                {
                    _files.Remove(file.Inode);
                }
            }

            foreach (MountedFile file in _files.Values)
            {
                lock (file.Gate)
                {
                    dirty += file.Dirty.RoomBytes + (file.Leaving?.RoomBytes ?? 0);
                }
            }

            Volatile.Write(ref _dirtyBytes, dirty);
            if (dirty <= _options.DirtyBytesMax)
            {
                _room.TrySetResult();
                _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private async ValueTask<Errno> MakeRoomAsync(CancellationToken ct)
    {
        Task room;
        lock (_gate)
        {
            room = _room.Task;
            _pressed.TrySetResult();
        }

        try
        {
            await room.WaitAsync(_options.DurableWait, _core.Options.Time, ct);
            return Errno.None;
        }
        catch (TimeoutException)
        {
            return Errno.Io;
        }
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            bool pressed = await IsPressedAsync();
            List<MountedFile> due;
            lock (_gate)
            {
                _pressed = pressed ? new(TaskCreationOptions.RunContinuationsAsynchronously) : _pressed;
                due = [.. _files.Values.Where(file => pressed ? IsDirty(file) : IsDue(file))];
            }

            await StoreAsync(due, _stop.Token);
        }
    }

    /// <summary>Waits for the next look, or until somebody needs room.</summary>
    private async Task<bool> IsPressedAsync()
    {
        Task pressed;
        lock (_gate)
        {
            pressed = _pressed.Task;
        }

        try
        {
            await pressed.WaitAsync(LookInterval, _core.Options.Time, _stop.Token);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private bool IsDue(MountedFile file)
    {
        lock (file.Gate)
        {
            return file.IsDirty
                && (_core.Options.Time.GetElapsedTime(file.DirtySince) >= _options.WriteBackAge
                    || file.Dirty.RoomBytes >= _options.DirtyBytesMax / 4);
        }
    }
}
