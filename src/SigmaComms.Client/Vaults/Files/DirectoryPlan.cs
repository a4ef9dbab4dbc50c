using SigmaComms.Vault.Namespace;
using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Client.Vaults.Files;

/// <summary>Plans the making of directories.</summary>
internal static class DirectoryPlan
{
    /// <summary>The operations that make a directory, and those above it if asked.</summary>
    public static List<NamespaceOperation> Of(
        VaultCore core, NamespaceState state, VaultPath path, UnixFileMode mode, bool makesParents)
    {
        List<NamespaceOperation> operations = [];
        Ownership owner = new((ushort)mode, 0, 0);
        if (!makesParents)
        {
            (ulong directory, ulong former) = path.IsRoot ? (0, NamespaceLimits.Root) : Lookup.Place(state, path, 0);
            return former == 0
                ? [new Make(directory, path.Name, core.Session.NewInode(), FileKind.Directory, owner, 0, core.Now)]
                : throw VaultException.Of(Errno.Exists, path);
        }

        ulong parent = NamespaceLimits.Root;
        VaultPath at = VaultPath.Root;
        foreach (EntryName name in path.Names)
        {
            at = at.In(name);
            ulong inode = 0;
            if (operations.Count == 0)
            {
                state.Lookup(parent, name, out inode);
                if (inode != 0 && !Lookup.IsDirectory(state, inode))
                {
                    throw VaultException.Of(Errno.NotDirectory, at);
                }
            }

            if (inode == 0)
            {
                inode = core.Session.NewInode();
                operations.Add(new Make(parent, name, inode, FileKind.Directory, owner, 0, core.Now));
            }

            parent = inode;
        }

        return operations;
    }
}
