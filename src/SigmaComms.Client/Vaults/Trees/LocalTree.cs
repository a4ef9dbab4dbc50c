namespace SigmaComms.Client.Vaults.Trees;

/// <summary>All of a local tree that can go into a vault, and what cannot.</summary>
internal sealed class LocalTree
{
    /// <summary>A name that is not UTF-8 comes from the framework with this in it.</summary>
    private const char Replacement = '\uFFFD';

    private static readonly EnumerationOptions Everything = new()
    {
        AttributesToSkip = 0,
        IgnoreInaccessible = false,
        RecurseSubdirectories = false,
        ReturnSpecialDirectories = false,
    };

    private readonly List<LocalItem> _directories = [];
    private readonly List<LocalItem> _others = [];
    private readonly List<string> _skipped = [];

    /// <summary>Directories, each after the one it is in.</summary>
    public IReadOnlyList<LocalItem> Directories => _directories;

    /// <summary>Files and links.</summary>
    public IReadOnlyList<LocalItem> Others => _others;

    /// <summary>What was left out, and why.</summary>
    public IReadOnlyList<string> Skipped => _skipped;

    /// <summary>Bytes of all files.</summary>
    public long Bytes { get; private set; }

    /// <summary>Looks at a file, link or folder and all that is in it.</summary>
    /// <exception cref="VaultException">There is nothing.</exception>
    public static LocalTree Scan(string local, VaultPath target, CancellationToken ct)
    {
        string top = Path.GetFullPath(local);
        if (LocalFiles.KindOf(top) == LocalKind.None)
        {
            throw new VaultException(VaultFailure.Disk, $"There is no '{local}' on this machine.");
        }

        LocalTree tree = new();
        Queue<LocalItem> folders = [];
        tree.Add(top, target, folders);
        while (folders.TryDequeue(out LocalItem? folder))
        {
            ct.ThrowIfCancellationRequested();
            tree.AddContent(folder, folders);
        }

        return tree;
    }

    private void AddContent(LocalItem folder, Queue<LocalItem> folders)
    {
        try
        {
            foreach (string path in Directory.EnumerateFileSystemEntries(folder.Local, "*", Everything)
                .Order(StringComparer.Ordinal))
            {
                AddNamed(path, folder.Target, folders);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _skipped.Add($"{folder.Local}: {e.Message}");
        }
    }

    private void AddNamed(string path, VaultPath folder, Queue<LocalItem> folders)
    {
        try
        {
            Add(path, folder.In(Path.GetFileName(path)), folders);
        }
        catch (VaultException e)
        {
            _skipped.Add($"{path}: {e.Message}");
        }
    }

    private void Add(string path, VaultPath target, Queue<LocalItem> folders)
    {
        LocalStat stat = LocalFiles.Look(path);
        LocalKind kind = stat.Kind;
        if (kind is LocalKind.None or LocalKind.Special)
        {
            string why = kind == LocalKind.Special ? "a pipe, socket or device"
                : path.Contains(Replacement, StringComparison.Ordinal) ? "its name is not UTF-8; rename it first"
                : "it is gone";
            _skipped.Add($"{path}: {why}");
            return;
        }

        LocalItem item = new(path, target, stat, kind == LocalKind.File ? new FileInfo(path).Length : 0);
        if (kind == LocalKind.Directory)
        {
            _directories.Add(item);
            folders.Enqueue(item);
        }
        else
        {
            _others.Add(item);
            Bytes += item.Size;
        }
    }
}
