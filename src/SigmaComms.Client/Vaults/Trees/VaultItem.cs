using SigmaComms.Vault.Namespace;

namespace SigmaComms.Client.Vaults.Trees;

/// <summary>Something of a vault's tree that goes to this machine.</summary>
/// <param name="Entry">What it is.</param>
/// <param name="Local">The path it gets.</param>
internal sealed record VaultItem(VaultEntry Entry, string Local)
{
    /// <summary>Of a symbolic link where it points, as its bytes are.</summary>
    public ReadOnlyMemory<byte> Target { get; private init; }

    /// <summary>Permissions it gets; set-user and set-group bits of others are not trusted.</summary>
    public UnixFileMode Mode => (UnixFileMode)((int)Entry.Mode & 0x1FF);

    /// <summary>All of a tree, each directory before what is in it.</summary>
    /// <param name="state">The namespace.</param>
    /// <param name="top">Its top.</param>
    /// <param name="local">The path that gets.</param>
    /// <param name="skipped">Receives what cannot have its name on this machine, and why.</param>
    public static List<VaultItem> Of(NamespaceState state, VaultEntry top, string local, List<string> skipped)
    {
        List<VaultItem> items = [new(top, local) { Target = TargetOf(state, top) }];
        for (int i = 0; i < items.Count; i++)
        {
            VaultItem item = items[i];
            if (!item.Entry.IsDirectory)
            {
                continue;
            }

            LocalNames taken = new();
            foreach (DirectoryItem child in state.List(item.Entry.Stat.Inode))
            {
                VaultPath path = item.Entry.Path.In(child.Name);
                string name = child.Name.ToString();
                if (taken.ObjectionTo(name) is { } objection)
                {
                    skipped.Add($"{path}: {objection}");
                    continue;
                }

                VaultEntry entry = Files.Lookup.Entry(state, path, child.Inode);
                items.Add(new VaultItem(entry, Path.Combine(item.Local, name)) { Target = TargetOf(state, entry) });
            }
        }

        return items;
    }

    private static ReadOnlyMemory<byte> TargetOf(NamespaceState state, VaultEntry entry) =>
        entry.Kind == FileKind.Symlink ? state.ReadInline(entry.Stat.Inode) : default;
}
