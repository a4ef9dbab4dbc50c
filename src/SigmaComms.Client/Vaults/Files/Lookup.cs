using SigmaComms.Vault.Namespace;

namespace SigmaComms.Client.Vaults.Files;

/// <summary>Finds things in a state, or says why there are none.</summary>
internal static class Lookup
{
    /// <summary>The inode of a path.</summary>
    /// <exception cref="VaultException">There is none.</exception>
    public static ulong Find(NamespaceState state, VaultPath path)
    {
        Errno error = state.Find(path.Names, out ulong inode);
        return error == Errno.None ? inode : throw VaultException.Of(error, path);
    }

    /// <summary>What is known of a path.</summary>
    /// <exception cref="VaultException">There is nothing.</exception>
    public static VaultEntry Entry(NamespaceState state, VaultPath path) =>
        Entry(state, path, Find(state, path));

    /// <summary>What is known of an inode.</summary>
    public static VaultEntry Entry(NamespaceState state, VaultPath path, ulong inode)
    {
        if (!state.TryStat(inode, out InodeStat stat))
        {
            throw VaultException.Of(Errno.NotFound, path);
        }

        string? target = stat.Kind == FileKind.Symlink
            ? System.Text.Encoding.UTF8.GetString(state.ReadInline(inode).Span)
            : null;
        return new VaultEntry(path, stat, target);
    }

    /// <summary>What is in a directory, sorted by the names' bytes.</summary>
    public static IReadOnlyList<VaultEntry> Children(NamespaceState state, VaultPath path, ulong directory) =>
    [
        .. state.List(directory)
            .OrderBy(item => item.Name, Comparer<EntryName>.Create(
                static (left, right) => left.Bytes.SequenceCompareTo(right.Bytes)))
            .Select(item => Entry(state, path.In(item.Name), item.Inode)),
    ];

    /// <summary>The directory of a file that is to be made, and what has its name now, or 0.</summary>
    /// <exception cref="VaultException">There is no such directory, or the name is the root's.</exception>
    public static (ulong Parent, ulong Former) Place(NamespaceState state, VaultPath path, ulong parent)
    {
        if (path.IsRoot)
        {
            throw VaultException.Of(Errno.IsDirectory, path);
        }

        ulong directory = parent != 0 ? parent : Find(state, path.Parent);
        Errno error = state.Lookup(directory, path.Name, out ulong former);
        return error is Errno.None or Errno.NotFound && IsDirectory(state, directory)
            ? (directory, former)
            : throw VaultException.Of(error is Errno.None or Errno.NotFound ? Errno.NotFound : error, path);
    }

    /// <summary>Whether an inode is a directory.</summary>
    public static bool IsDirectory(NamespaceState state, ulong inode) =>
        state.TryStat(inode, out InodeStat stat) && stat.Kind == FileKind.Directory;
}
