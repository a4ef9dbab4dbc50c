using SigmaComms.Vault.Namespace;

namespace SigmaComms.Client.Vaults.Trees;

/// <summary>Something of a vault's tree that goes to this machine.</summary>
/// <param name="Entry">What it is.</param>
/// <param name="Local">The path it gets.</param>
internal sealed record VaultItem(VaultEntry Entry, string Local)
{
    /// <summary>Permissions it gets; set-user and set-group bits of others are not trusted.</summary>
    public UnixFileMode Mode => (UnixFileMode)((int)Entry.Mode & 0x1FF);

    /// <summary>All of a tree, each directory before what is in it.</summary>
    public static List<VaultItem> Of(NamespaceState state, VaultEntry top, string local)
    {
        List<VaultItem> items = [new(top, local)];
        for (int i = 0; i < items.Count; i++)
        {
            VaultItem item = items[i];
            if (!item.Entry.IsDirectory)
            {
                continue;
            }

            foreach (DirectoryItem child in state.List(item.Entry.Stat.Inode))
            {
                VaultEntry entry = Files.Lookup.Entry(state, item.Entry.Path.In(child.Name), child.Inode);
                items.Add(new VaultItem(entry, Path.Combine(item.Local, child.Name.ToString())));
            }
        }

        return items;
    }
}
