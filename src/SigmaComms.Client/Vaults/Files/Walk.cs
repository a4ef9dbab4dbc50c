using SigmaComms.Vault.Namespace;

namespace SigmaComms.Client.Vaults.Files;

/// <summary>Goes through a namespace.</summary>
internal static class Walk
{
    /// <summary>Everything that has a name, directories before what is in them, as long as nothing changes.</summary>
    public static IEnumerable<VaultEntry> All(NamespaceState state)
    {
        Queue<VaultEntry> directories = new([Lookup.Entry(state, VaultPath.Root, NamespaceLimits.Root)]);
        yield return directories.Peek();
        while (directories.TryDequeue(out VaultEntry? directory))
        {
            foreach (DirectoryItem item in state.List(directory.Stat.Inode))
            {
                VaultEntry entry = Lookup.Entry(state, directory.Path.In(item.Name), item.Inode);
                if (entry.IsDirectory)
                {
                    directories.Enqueue(entry);
                }

                yield return entry;
            }
        }
    }
}
