using SigmaComms.Vault.Namespace;
using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Client.Vaults.Files;

/// <summary>A name that is to be removed.</summary>
/// <param name="Parent">The directory.</param>
/// <param name="Name">The name in it.</param>
/// <param name="Inode">What it stands for; if it is something else by then, it stays.</param>
/// <param name="IsDirectory">Whether that is a directory.</param>
internal sealed record Removal(ulong Parent, EntryName Name, ulong Inode, bool IsDirectory)
{
    /// <summary>What has to be removed for a path to be gone, in order: what is in a directory before it.</summary>
    /// <exception cref="VaultException">There is nothing, it is the root, or a directory that is not empty.</exception>
    public static IReadOnlyList<Removal> Of(NamespaceState state, VaultPath path, bool isRecursive)
    {
        if (path.IsRoot)
        {
            throw VaultException.Of(Errno.NotPermitted, path);
        }

        (ulong parent, ulong inode) = Lookup.Place(state, path, 0);
        if (inode == 0)
        {
            throw VaultException.Of(Errno.NotFound, path);
        }

        Removal top = new(parent, path.Name, inode, Lookup.IsDirectory(state, inode));
        if (!top.IsDirectory || !state.List(inode).Any())
        {
            return [top];
        }

        return isRecursive ? Below(state, top, inode) : throw VaultException.Of(Errno.NotEmpty, path);
    }

    /// <summary>The operations that remove what of the names is still there.</summary>
    public static List<NamespaceOperation> Operations(
        NamespaceState state, IEnumerable<Removal> removals, long at)
    {
        List<NamespaceOperation> operations = [];
        foreach (Removal removal in removals)
        {
            if (state.Lookup(removal.Parent, removal.Name, out ulong inode) == Errno.None && inode == removal.Inode)
            {
                operations.Add(removal.IsDirectory
                    ? new RemoveDirectory(removal.Parent, removal.Name, at)
                    : new Unlink(removal.Parent, removal.Name, at));
            }
        }

        return operations;
    }

    // Directories before what is in them, then turned round. Depth is not the stack's, so that no tree is too deep.
    private static List<Removal> Below(NamespaceState state, Removal top, ulong inode)
    {
        List<Removal> found = [top];
        Queue<ulong> directories = new([inode]);
        while (directories.TryDequeue(out ulong directory))
        {
            foreach (DirectoryItem item in state.List(directory))
            {
                bool isDirectory = Lookup.IsDirectory(state, item.Inode);
                found.Add(new Removal(directory, item.Name, item.Inode, isDirectory));
                if (isDirectory)
                {
                    directories.Enqueue(item.Inode);
                }
            }
        }

        found.Reverse();
        return found;
    }
}
