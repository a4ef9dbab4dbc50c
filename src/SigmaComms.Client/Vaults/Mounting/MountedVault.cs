using SigmaComms.Vault.Namespace;
using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Client.Vaults.Mounting;

/// <summary>
/// A vault as a kernel sees a filesystem: inodes by their numbers, errors as errno. Changes show at once; the log and
/// the nodes have them when <see cref="SyncAsync"/> has ended, or a moment later by themselves.
/// </summary>
/// <remarks>Safe to call from any thread. Permissions are the kernel's business.</remarks>
public sealed class MountedVault : IAsyncDisposable
{
    private readonly VaultCore _core;
    private readonly MountOptions _options;
    private readonly MountFront _front;
    private readonly ContentCache _cache;
    private readonly MountedFiles _files;
    private readonly ContentReader _reader;

    internal MountedVault(VaultCore core, MountOptions options)
    {
        (_core, _options) = (core, options);
        _front = new MountFront(core, options);
        _reader = new ContentReader(core, _front, options.CacheBytes);
        _cache = _reader.Cache;
        _files = new MountedFiles(core, _front, new WriteBack(core, _front, _cache), options);
    }

    /// <summary>Raised, on any thread, when somebody else has changed something.</summary>
    public event Action? OthersChanged
    {
        add => _front.OthersChanged += value;
        remove => _front.OthersChanged -= value;
    }

    /// <summary>Whether each change waits for its place in the log, since others change the vault too.</summary>
    public bool IsShared => _front.IsShared;

    /// <summary>Why changes do not get to the cluster at present, or null.</summary>
    public string? Trouble => _front.Trouble;

    /// <summary>Written bytes that no node has yet.</summary>
    public long DirtyBytes => _files.DirtyBytes;

    /// <summary>How many inodes there are.</summary>
    public int InodeCount => _front.Look(static state => state.InodeCount);

    /// <summary>Now, in nanoseconds since 1970.</summary>
    public long Now => _core.Now;

    /// <summary>Finds a name.</summary>
    /// <param name="parent">The directory.</param>
    /// <param name="name">The name.</param>
    /// <param name="stat">What it stands for, or default.</param>
    public Errno Lookup(ulong parent, EntryName name, out InodeStat stat)
    {
        (Errno error, InodeStat found) = _front.Look(state =>
        {
            Errno missing = state.Lookup(parent, name, out ulong inode);
            missing = missing == Errno.None && inode == 0 ? Errno.NotFound : missing;
            return state.TryStat(inode, out InodeStat known) ? (missing, _files.Merge(known)) : (missing, default);
        });
        stat = found;
        return error;
    }

    /// <summary>What is known of an inode.</summary>
    /// <param name="inode">Its number.</param>
    /// <param name="stat">The answer, or default.</param>
    /// <returns>False if there is none.</returns>
    public bool TryStat(ulong inode, out InodeStat stat)
    {
        InodeStat? found = _front.Look<InodeStat?>(
            state => state.TryStat(inode, out InodeStat known) ? _files.Merge(known) : null);
        stat = found ?? default;
        return found is not null;
    }

    /// <summary>Lists a directory without "." and "..".</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="afterCookie">The last entry that was seen, or 0.</param>
    /// <param name="add">Takes an entry; false if it has no room for more.</param>
    public void List(ulong directory, ulong afterCookie, Func<DirectoryItem, InodeStat, bool> add)
    {
        ArgumentNullException.ThrowIfNull(add);
        _front.Look(state =>
        {
            foreach (DirectoryItem item in state.List(directory, afterCookie))
            {
                if (state.TryStat(item.Inode, out InodeStat stat) && !add(item, _files.Merge(stat)))
                {
                    break;
                }
            }

            return true;
        });
    }

    /// <summary>The directory that a directory is in.</summary>
    /// <param name="directory">The directory.</param>
    public ulong ParentOf(ulong directory) => _front.Look(state => state.ParentOf(directory));

    /// <summary>Where a symbolic link points.</summary>
    /// <param name="inode">The link.</param>
    public ReadOnlyMemory<byte> ReadLink(ulong inode) => _front.Look(state => state.ReadInline(inode));

    /// <summary>An extended attribute.</summary>
    /// <param name="inode">The inode.</param>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value, or empty.</param>
    public Errno GetXattr(ulong inode, ReadOnlyMemory<byte> name, out ReadOnlyMemory<byte> value)
    {
        (Errno error, ReadOnlyMemory<byte> found) = _front.Look(
            state => (state.GetXattr(inode, name.Span, out ReadOnlyMemory<byte> known), known));
        value = found;
        return error;
    }

    /// <summary>The names of extended attributes.</summary>
    /// <param name="inode">The inode.</param>
    public IReadOnlyList<ReadOnlyMemory<byte>> ListXattrs(ulong inode) =>
        _front.Look<IReadOnlyList<ReadOnlyMemory<byte>>>(state => [.. state.ListXattrs(inode)]);

    /// <summary>Makes a file, directory, pipe, socket or device.</summary>
    /// <param name="parent">The directory.</param>
    /// <param name="name">The name in it.</param>
    /// <param name="kind">Anything but a symbolic link.</param>
    /// <param name="owner">Permissions, owner and group; the group is the directory's if that says so.</param>
    /// <param name="device">A device's number, else 0.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The error, and the new inode.</returns>
    public async ValueTask<(Errno Error, ulong Inode)> MakeAsync(
        ulong parent, EntryName name, FileKind kind, Ownership owner, uint device, CancellationToken cancellation)
    {
        ulong inode = _front.NewInode();
        Errno error = await ChangeAsync(
            state => [new Make(parent, name, inode, kind, Inherit(state, parent, kind, owner), device, _core.Now)],
            cancellation);
        return (error, inode);
    }

    /// <summary>Makes a symbolic link.</summary>
    /// <param name="parent">The directory.</param>
    /// <param name="name">The name in it.</param>
    /// <param name="target">Where it points.</param>
    /// <param name="owner">Permissions, owner and group.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The error, and the new inode.</returns>
    public async ValueTask<(Errno Error, ulong Inode)> MakeSymlinkAsync(
        ulong parent, EntryName name, ReadOnlyMemory<byte> target, Ownership owner, CancellationToken cancellation)
    {
        ulong inode = _front.NewInode();
        byte[] kept = target.ToArray();
        Errno error = await ChangeAsync(
            state =>
            [
                new MakeSymlink(
                    parent, name, inode, kept, Inherit(state, parent, FileKind.Symlink, owner), _core.Now),
            ],
            cancellation);
        return (error, inode);
    }

    /// <summary>Makes a file without a name, which is open once.</summary>
    /// <param name="parent">A directory whose group it may take.</param>
    /// <param name="owner">Permissions, owner and group.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The error, and the new inode.</returns>
    public async ValueTask<(Errno Error, ulong Inode)> MakeUnnamedAsync(
        ulong parent, Ownership owner, CancellationToken cancellation)
    {
        ulong inode = _front.NewInode();
        _files.Open(inode).IsHeld = true;
        Errno error = await ChangeAsync(
            state => [new MakeUnnamed(inode, Inherit(state, parent, FileKind.Regular, owner), _core.Now)],
            cancellation);
        if (error != Errno.None)
        {
            _files.Drop(inode);
        }

        return (error, inode);
    }

    /// <summary>Gives a file another name.</summary>
    /// <param name="inode">The file.</param>
    /// <param name="parent">The directory.</param>
    /// <param name="name">The name in it.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public ValueTask<Errno> LinkAsync(ulong inode, ulong parent, EntryName name, CancellationToken cancellation) =>
        ChangeAsync(_ => [new Link(inode, parent, name, _core.Now)], cancellation);

    /// <summary>Takes a name from a file; who has it open keeps it.</summary>
    /// <param name="parent">The directory.</param>
    /// <param name="name">The name in it.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public ValueTask<Errno> UnlinkAsync(ulong parent, EntryName name, CancellationToken cancellation) =>
        ChangeAsync(state => [.. _files.Keep(state, parent, name), new Unlink(parent, name, _core.Now)], cancellation);

    /// <summary>Removes an empty directory.</summary>
    /// <param name="parent">The directory that has it.</param>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public ValueTask<Errno> RemoveDirectoryAsync(ulong parent, EntryName name, CancellationToken cancellation) =>
        ChangeAsync(_ => [new RemoveDirectory(parent, name, _core.Now)], cancellation);

    /// <summary>Moves a name.</summary>
    /// <param name="parent">The directory.</param>
    /// <param name="name">The name in it.</param>
    /// <param name="newParent">The directory it goes to.</param>
    /// <param name="newName">The name it gets.</param>
    /// <param name="mode">What becomes of a taken name.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public ValueTask<Errno> RenameAsync(
        ulong parent,
        EntryName name,
        ulong newParent,
        EntryName newName,
        RenameMode mode,
        CancellationToken cancellation) => ChangeAsync(
            state =>
            [
                .. mode == RenameMode.Replace ? _files.Keep(state, newParent, newName) : [],
                new Rename(parent, name, newParent, newName, mode, _core.Now),
            ],
            cancellation);

    /// <summary>Sets attributes but the size.</summary>
    /// <param name="inode">The inode.</param>
    /// <param name="fields">Which.</param>
    /// <param name="owner">Permissions, owner and group.</param>
    /// <param name="accessedAt">When it was read.</param>
    /// <param name="modifiedAt">When its content changed.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public ValueTask<Errno> SetAttributesAsync(
        ulong inode,
        AttributeFields fields,
        Ownership owner,
        long accessedAt,
        long modifiedAt,
        CancellationToken cancellation)
    {
        if (fields.HasFlag(AttributeFields.ModifiedAt))
        {
            _files.Date(inode, modifiedAt);
        }

        return ChangeAsync(
            _ => [new SetAttributes(inode, fields, owner, accessedAt, modifiedAt, _core.Now)], cancellation);
    }

    /// <summary>Sets an extended attribute.</summary>
    /// <param name="inode">The inode.</param>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="mode">Whether it may be there.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public ValueTask<Errno> SetXattrAsync(
        ulong inode,
        ReadOnlyMemory<byte> name,
        ReadOnlyMemory<byte> value,
        XattrMode mode,
        CancellationToken cancellation)
    {
        (byte[] keptName, byte[] keptValue) = (name.ToArray(), value.ToArray());
        return ChangeAsync(_ => [new SetXattr(inode, keptName, keptValue, mode, _core.Now)], cancellation);
    }

    /// <summary>Removes an extended attribute.</summary>
    /// <param name="inode">The inode.</param>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public ValueTask<Errno> RemoveXattrAsync(
        ulong inode, ReadOnlyMemory<byte> name, CancellationToken cancellation)
    {
        byte[] kept = name.ToArray();
        return ChangeAsync(_ => [new RemoveXattr(inode, kept, _core.Now)], cancellation);
    }

    /// <summary>Counts one who has a file open.</summary>
    /// <param name="inode">The file.</param>
    public void Open(ulong inode) => _files.Open(inode);

    /// <summary>One who had a file open has closed it.</summary>
    /// <param name="inode">The file.</param>
    public void Close(ulong inode) => _files.Close(inode);

    /// <summary>Reads a range.</summary>
    /// <param name="inode">The file.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="room">Receives the bytes.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The error, and how many bytes; fewer than there is room for only at the file's end.</returns>
    public ValueTask<(Errno Error, int Count)> ReadAsync(
        ulong inode, long offset, Memory<byte> room, CancellationToken cancellation) =>
        _reader.ReadAsync(_files.Find(inode), inode, offset, room, cancellation);

    /// <summary>Finds data or a hole at or behind a place before the file's end.</summary>
    /// <param name="inode">The file.</param>
    /// <param name="offset">The place.</param>
    /// <param name="data">Data, else a hole; the end counts as one.</param>
    /// <returns>Where, or -1 if there is none.</returns>
    public long Seek(ulong inode, long offset, bool data)
    {
        TryStat(inode, out InodeStat stat);
        long at = offset;
        while (at < stat.Size)
        {
            (long next, long end) = NextData(inode, at, stat.Size);
            if (data || next > at || next < 0)
            {
                return data ? next : at;
            }

            at = end;
        }

        return data ? -1 : stat.Size;
    }

    /// <summary>Writes a range; it is in memory then, and with the nodes after <see cref="SyncAsync"/>.</summary>
    /// <param name="inode">The file.</param>
    /// <param name="offset">The first byte; -1 for the file's end.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="cancellation">Gives up waiting for room.</param>
    public ValueTask<Errno> WriteAsync(
        ulong inode, long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        _options.IsReadOnly ? new(Errno.ReadOnly) : _files.WriteAsync(inode, offset, bytes, cancellation);

    /// <summary>Cuts or lengthens a file.</summary>
    /// <param name="inode">The file.</param>
    /// <param name="size">Its new size.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public ValueTask<Errno> TruncateAsync(ulong inode, long size, CancellationToken cancellation) =>
        _options.IsReadOnly ? new(Errno.ReadOnly) : _files.TruncateAsync(inode, size, cancellation);

    /// <summary>Makes a range read as zeros; the size stays.</summary>
    /// <param name="inode">The file.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">How many bytes.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public ValueTask<Errno> PunchHoleAsync(ulong inode, long offset, long length, CancellationToken cancellation) =>
        _options.IsReadOnly ? new(Errno.ReadOnly) : _files.PunchHoleAsync(inode, offset, length, cancellation);

    /// <summary>Brings what was written into a file to the nodes, and waits until the log has all changes.</summary>
    /// <param name="inode">The file.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public async ValueTask<Errno> SyncAsync(ulong inode, CancellationToken cancellation)
    {
        Errno stored = await _files.StoreAsync(inode, cancellation);
        return stored == Errno.None ? await SettleAsync(cancellation) : stored;
    }

    /// <summary>Brings all that was written to the nodes, and waits until the log has all changes.</summary>
    /// <param name="cancellation">Gives up waiting.</param>
    public async ValueTask<Errno> SyncAllAsync(CancellationToken cancellation)
    {
        Errno stored = await _files.StoreAllAsync(cancellation);
        Errno settled = await SettleAsync(cancellation);
        return stored == Errno.None ? settled : stored;
    }

    /// <summary>Ends. What was not synced is lost.</summary>
    public async ValueTask DisposeAsync()
    {
        await _files.DisposeAsync();
        await _front.DisposeAsync();
        await _core.DisposeAsync();
    }

    /// <summary>The first data at or behind a place, and where it ends; -1 if there is none.</summary>
    private (long First, long End) NextData(ulong inode, long at, long size)
    {
        (long First, long End) written = _files.NextData(inode, at);
        (long First, long End) stored = _front.Look(state =>
        {
            int inline = state.ReadInline(inode).Length;
            if (inline > at)
            {
                return (at, inline);
            }

            FileExtent? extent = state.ReadExtents(inode, at, size - at)
                .Select(static found => (FileExtent?)found).FirstOrDefault();
            return extent is { } there ? (Math.Max(at, there.Offset), there.Offset + there.Length) : (-1L, -1L);
        });
        return stored.First < 0 || (written.First >= 0 && written.First < stored.First) ? written : stored;
    }

    private async ValueTask<Errno> SettleAsync(CancellationToken ct)
    {
        try
        {
            return await _front.SettleAsync(ct);
        }
        catch (TimeoutException)
        {
            return Errno.Io;
        }
    }

    private async ValueTask<Errno> ChangeAsync(
        Func<NamespaceState, IReadOnlyList<NamespaceOperation>> plan, CancellationToken ct)
    {
        if (_options.IsReadOnly)
        {
            return Errno.ReadOnly;
        }

        try
        {
            return await _front.ChangeAsync(plan, ct);
        }
        catch (TimeoutException)
        {
            return Errno.Io;
        }
    }

    // A directory with the set-group bit hands on its group, and the bit to directories.
    private static Ownership Inherit(NamespaceState state, ulong parent, FileKind kind, Ownership owner)
    {
        const ushort SetGroup = 0x400;
        return state.TryStat(parent, out InodeStat stat) && (stat.Owner.Mode & SetGroup) != 0
            ? new Ownership(
                kind == FileKind.Directory ? (ushort)(owner.Mode | SetGroup) : owner.Mode, owner.Uid, stat.Owner.Gid)
            : owner;
    }
}
