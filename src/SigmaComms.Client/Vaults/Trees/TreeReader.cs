using System.Collections.Concurrent;
using SigmaComms.Client.Vaults.Files;
using SigmaComms.Transport.Links;
using SigmaComms.Vault;
using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Client.Vaults.Trees;

/// <summary>
/// Gets a tree out of a vault. Every file is written under another name and renamed, so that what was there is replaced
/// at once; no link of this machine is followed on the way to a directory.
/// </summary>
internal sealed class TreeReader(VaultCore core, FileReader reader, GetOptions options)
{
    private const int LargeStripes = 4;

    // After so many the vault is what cannot be read, and not some files.
    private const int FailedInRowMax = 64;

    private readonly ConcurrentQueue<string> _skipped = [];
    private readonly ByteWindow _small = new(core.Options.Scatter.WindowBytes);
    private readonly ByteWindow _large = new(core.Options.Scatter.WindowBytes);
    private long _files;
    private long _links;
    private int _failedInRow;
    private long _bytes;

    /// <summary>Gets a tree.</summary>
    public async Task<TreeResult> GetAsync(
        VaultPath source, string local, IProgress<VaultProgress>? progress, CancellationToken ct)
    {
        string top = Path.GetFullPath(local);
        List<string> unnamed = [];
        List<VaultItem> items = await core.LookAsync(
            state => VaultItem.Of(state, Lookup.Entry(state, source), top, unnamed), ct);
        VaultShape shape = (await core.NewestKeysAsync(ct)).Shape;
        List<VaultItem> directories = [.. items.Where(item => item.Entry.IsDirectory)];
        List<VaultItem> others = [.. items.Where(item => !item.Entry.IsDirectory)];
        OnDisk(top, () => directories.ForEach(MakeDirectory));
        long bytes = others.Where(item => item.Entry.Kind == FileKind.Regular).Sum(item => item.Entry.Size);
        ProgressCount count = new(progress, bytes, others.Count);
        ParallelOptions bounds = new() { MaxDegreeOfParallelism = core.Options.FilesAtOnce, CancellationToken = ct };
        bool isTree = directories.Count > 0;
        await Parallel.ForEachAsync(
            others, bounds, async (item, stop) => await GetOrTellAsync(item, isTree, shape, count, stop));
        directories.Reverse();
        OnDisk(top, () => directories.ForEach(item => Dress(item, item.Local, LocalKind.Directory)));
        return new TreeResult(_files, directories.Count, _links, _bytes, [.. unnamed, .. _skipped]);
    }

    private static void MakeDirectory(VaultItem item)
    {
        LocalKind kind = LocalFiles.KindOf(item.Local);
        if (kind is not (LocalKind.None or LocalKind.Directory))
        {
            throw new VaultException(
                VaultFailure.Disk,
                $"'{item.Local}' is a {(kind == LocalKind.Link ? "symbolic link" : "file")}, and a directory would "
                + "have to be there. Move it away first.");
        }

        Directory.CreateDirectory(item.Local);
    }

    // The owner first: who gives a file away takes rights from it.
    private static void Dress(VaultItem item, string local, LocalKind kind)
    {
        Ownership owner = item.Entry.Stat.Owner;
        LocalFiles.SetOwner(local, owner.Uid, owner.Gid);
        if (!OperatingSystem.IsWindows() && kind != LocalKind.Link)
        {
            File.SetUnixFileMode(local, item.Mode);
        }

        LocalFiles.SetModified(local, kind, item.Entry.Stat.ModifiedAt);
    }

    private static void OnDisk(string path, Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VaultException(VaultFailure.Disk, $"'{path}': {e.Message}", e);
        }
    }

    /// <summary>Gets one of a tree: if it cannot be had, that is told and the others are got all the same.</summary>
    private async Task GetOrTellAsync(
        VaultItem item, bool isTree, VaultShape shape, ProgressCount count, CancellationToken ct)
    {
        try
        {
            await GetAsync(item, shape, count, ct);
            Volatile.Write(ref _failedInRow, 0);
        }
        catch (VaultException e) when (isTree && IsItsOwn(e.Reason)
            && Interlocked.Increment(ref _failedInRow) < FailedInRowMax)
        {
            _skipped.Enqueue(e.Message);
            count.FileDone();
        }
    }

    // What is wrong with the vault, the log or this machine's disk is wrong for all files.
    private static bool IsItsOwn(VaultFailure reason) =>
        reason is VaultFailure.NeedsFragments or VaultFailure.Namespace or VaultFailure.Changed
            or VaultFailure.Damaged;

    private async Task GetAsync(VaultItem item, VaultShape shape, ProgressCount count, CancellationToken ct)
    {
        LocalKind there = LocalFiles.KindOf(item.Local);
        if (there == LocalKind.Directory || (there != LocalKind.None && !options.MayReplace))
        {
            _skipped.Enqueue($"{item.Local}: {(there == LocalKind.Directory ? "a directory" : "it")} is there already");
            return;
        }

        switch (item.Entry.Kind)
        {
            case FileKind.Regular:
                await GetFileAsync(item, shape, count, ct);
                break;
            case FileKind.Symlink:
                OnDisk(item.Local, () => MakeLink(item));
                Interlocked.Increment(ref _links);
                break;
            default:
                _skipped.Enqueue($"{item.Entry.Path}: a pipe, socket or device");
                break;
        }

        count.FileDone();
    }

    private async Task GetFileAsync(VaultItem item, VaultShape shape, ProgressCount count, CancellationToken ct)
    {
        ScatterOptions all = core.Options.Scatter;
        bool isLarge = item.Entry.Size > (long)LargeStripes * shape.StripeSizeBytes;
        ByteWindow window = isLarge ? _large : _small;
        long wanted = isLarge ? all.WindowBytes : Math.Max(1, Bounds.RoomToGet(item.Entry.Size, shape));
        long room = await window.TakeAsync(wanted, ct);
        try
        {
            ReadPlan plan = await reader.PlanNowAsync(item.Entry.Stat.Inode, item.Entry.Path, ct);
            await WriteAsync(item, plan, Bounds.With(all, wanted), count, ct);
            Interlocked.Increment(ref _files);
            Interlocked.Add(ref _bytes, plan.Length);
        }
        finally
        {
            window.Give(room);
        }
    }

    private async Task WriteAsync(
        VaultItem item, ReadPlan plan, ScatterOptions bounds, ProgressCount count, CancellationToken ct)
    {
        string fresh = FreshNameBeside(item.Local);
        bool isDone = false;
        try
        {
            await using (FileStream file = new(fresh, NewFile()))
            {
                await reader.ReadAsync(plan, bounds, file, count.Add, ct);
            }

            Dress(item, fresh, LocalKind.File);
            File.Move(fresh, item.Local, overwrite: options.MayReplace);
            isDone = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VaultException(VaultFailure.Disk, $"'{item.Local}' cannot be written: {e.Message}", e);
        }
        finally
        {
            if (!isDone)
            {
                OnDisk(fresh, () => File.Delete(fresh));
            }
        }
    }

    // The framework renames no link that leads to a folder or to nothing: it is made in its place.
    private void MakeLink(VaultItem item)
    {
        if (options.MayReplace && LocalFiles.KindOf(item.Local) is LocalKind.File or LocalKind.Link)
        {
            File.Delete(item.Local);
        }

        LocalFiles.MakeLink(item.Local, item.Target.Span);
        Dress(item, item.Local, LocalKind.Link);
    }

    // Shorter than the longest name, and hidden.
    private string FreshNameBeside(string path)
    {
        byte[] random = new byte[8];
        core.Options.Random.Fill(random);
        return Path.Combine(Path.GetDirectoryName(path)!, $".sigma-{Convert.ToHexStringLower(random)}");
    }

    private static FileStreamOptions NewFile()
    {
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
