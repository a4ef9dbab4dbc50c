using System.Collections.Concurrent;
using SigmaComms.Client.Vaults.Files;
using SigmaComms.Transport.Links;
using SigmaComms.Vault;
using SigmaComms.Vault.Namespace;
using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Client.Vaults.Trees;

/// <summary>
/// Puts a local tree into a vault: first directories, then files and links, then the directories' modes and times.
/// Small files travel many at once, as many as the window has room for, and share entries of the log; a large one has a
/// window for itself.
/// </summary>
internal sealed class TreeWriter(VaultCore core, CommitDesk desk, FileWriter writer, PutOptions options)
{
    private const int DirectoriesAtOnce = 100;
    private const int FilesInFlight = 512;
    private const int LargeStripes = 4;

    private readonly Dictionary<VaultPath, ulong> _directories = [];
    private readonly ConcurrentQueue<string> _skipped = [];
    private readonly ByteWindow _small = new(core.Options.Scatter.WindowBytes);
    private readonly ByteWindow _large = new(core.Options.Scatter.WindowBytes);
    private long _files;
    private long _links;
    private long _bytes;

    /// <summary>Puts a tree.</summary>
    public async Task<TreeResult> PutAsync(LocalTree tree, IProgress<VaultProgress>? progress, CancellationToken ct)
    {
        VaultShape shape = (await core.NewestKeysAsync(ct)).Shape;
        ProgressCount count = new(progress, tree.Bytes, tree.Others.Count);
        foreach (LocalItem[] together in tree.Directories.Chunk(DirectoriesAtOnce))
        {
            Change change = new(together[0].Target, state => MakeDirectories(state, together));
            await desk.CommitAsync(change, ct);
        }

        ParallelOptions bounds = new() { MaxDegreeOfParallelism = FilesInFlight, CancellationToken = ct };
        await Parallel.ForEachAsync(
            tree.Others, bounds, async (item, stop) => await PutAsync(item, shape, count, stop));
        foreach (LocalItem[] together in tree.Directories.Reverse().Chunk(DirectoriesAtOnce))
        {
            Change change = new(together[0].Target, state => DateDirectories(state, together));
            await desk.CommitAsync(change, ct);
        }

        return new TreeResult(
            _files, tree.Directories.Count, _links, _bytes, [.. tree.Skipped.Concat(_skipped)]);
    }

    private List<NamespaceOperation> MakeDirectories(NamespaceState state, LocalItem[] items)
    {
        List<NamespaceOperation> operations = [];
        foreach (LocalItem item in items)
        {
            if (item.Target.IsRoot)
            {
                _directories[item.Target] = NamespaceLimits.Root;
                continue;
            }

            ulong parent = ParentOf(state, item);
            state.Lookup(parent, item.Target.Name, out ulong inode);
            if (inode == 0)
            {
                inode = core.Session.NewInode();
                operations.Add(
                    new Make(parent, item.Target.Name, inode, FileKind.Directory, item.Owner, 0, core.Now));
            }
            else if (!Lookup.IsDirectory(state, inode))
            {
                throw VaultException.Of(Errno.NotDirectory, item.Target);
            }

            _directories[item.Target] = inode;
        }

        return operations;
    }

    private ulong ParentOf(NamespaceState state, LocalItem item) =>
        _directories.TryGetValue(item.Target.Parent, out ulong parent)
            ? parent
            : Lookup.Place(state, item.Target, 0).Parent;

    private List<NamespaceOperation> DateDirectories(NamespaceState state, LocalItem[] items)
    {
        List<NamespaceOperation> operations = [];
        foreach (LocalItem item in items)
        {
            ulong inode = _directories[item.Target];
            if (state.TryStat(inode, out _))
            {
                operations.Add(new SetAttributes(
                    inode,
                    AttributeFields.Mode | AttributeFields.Uid | AttributeFields.Gid | AttributeFields.ModifiedAt,
                    item.Owner,
                    0,
                    item.Stat.ModifiedAt,
                    core.Now));
            }
        }

        return operations;
    }

    private async Task PutAsync(LocalItem item, VaultShape shape, ProgressCount count, CancellationToken ct)
    {
        try
        {
            if (item.Kind == LocalKind.Link)
            {
                await PutLinkAsync(item, ct);
                Interlocked.Increment(ref _links);
            }
            else if (item.Size > (long)LargeStripes * shape.StripeSizeBytes)
            {
                await PutFileAsync(item, _large, core.Options.Scatter.WindowBytes, count, ct);
            }
            else
            {
                long least = core.Options.Scatter.WindowBytes / core.Options.FilesAtOnce;
                long room = Math.Max(least, Bounds.RoomToPut(item.Size, shape));
                await PutFileAsync(item, _small, Math.Max(1, room), count, ct);
            }

            count.FileDone();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _skipped.Enqueue($"{item.Local}: {e.Message}");
        }
    }

    private async Task PutFileAsync(
        LocalItem item, ByteWindow window, long roomBytes, ProgressCount count, CancellationToken ct)
    {
        long room = await window.TakeAsync(roomBytes, ct);
        void Release() => window.Give(Interlocked.Exchange(ref room, 0));

        try
        {
            await using FileStream source = new(
                item.Local, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            long bytes = 0;
            FileTarget target = new(item.Target, item.Owner, item.Stat.ModifiedAt, options.MayReplace)
            {
                Parent = _directories.GetValueOrDefault(item.Target.Parent),

                // Who waits for the log needs no room any more.
                Staged = Release,
            };
            await writer.PutAsync(
                source,
                target,
                roomBytes,
                done =>
                {
                    bytes += done;
                    count.Add(done);
                },
                ct);
            Interlocked.Increment(ref _files);
            Interlocked.Add(ref _bytes, bytes);
        }
        finally
        {
            Release();
        }
    }

    private Task<bool> PutLinkAsync(LocalItem item, CancellationToken ct)
    {
        byte[] target = LocalFiles.TargetOf(item.Local);
        ulong parent = _directories.GetValueOrDefault(item.Target.Parent);
        ulong inode = 0;
        Change change = new(item.Target, state =>
        {
            FileTarget place = new(item.Target, item.Owner, item.Stat.ModifiedAt, options.MayReplace)
            {
                Parent = parent,
            };
            List<NamespaceOperation> operations = FileWriter.MakeRoom(state, place, core.Now, out ulong directory);
            inode = inode == 0 ? core.Session.NewInode() : inode;
            operations.Add(new MakeSymlink(directory, item.Target.Name, inode, target, item.Owner, core.Now));
            operations.Add(FileWriter.Dated(inode, place, core.Now));
            return operations;
        });
        return desk.CommitAsync(change, ct);
    }
}
