using SigmaComms.Vault.Namespace;
using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Client.Vaults.Files;

/// <summary>Plans the moving of a name.</summary>
internal static class MovePlan
{
    /// <summary>The operation that moves a name; it fails if the name stands for something else by then.</summary>
    public static IReadOnlyList<NamespaceOperation> Of(
        VaultCore core, NamespaceState state, VaultPath from, VaultPath to, bool mayReplace)
    {
        (ulong parent, ulong moved) = Lookup.Place(state, from, 0);
        if (moved == 0)
        {
            throw VaultException.Of(Errno.NotFound, from);
        }

        (ulong newParent, ulong target) = Lookup.Place(state, to, 0);
        if (target == moved)
        {
            return [];
        }

        Errno error = Check(state, moved, newParent, target, mayReplace);
        return error != Errno.None
            ? throw VaultException.Of(error, error == Errno.Invalid ? from : to)
            : [
                new RequireEntry(parent, from.Name, moved),
                new Rename(
                    parent,
                    from.Name,
                    newParent,
                    to.Name,
                    mayReplace ? RenameMode.Replace : RenameMode.KeepExisting,
                    core.Now),
            ];
    }

    private static Errno Check(NamespaceState state, ulong moved, ulong newParent, ulong target, bool mayReplace)
    {
        bool isDirectory = Lookup.IsDirectory(state, moved);
        for (ulong at = newParent; isDirectory && at != NamespaceLimits.Root; at = state.ParentOf(at))
        {
            if (at == moved)
            {
                return Errno.Invalid;
            }
        }

        if (target == 0)
        {
            return Errno.None;
        }

        bool ontoDirectory = Lookup.IsDirectory(state, target);
        return !mayReplace ? Errno.Exists
            : ontoDirectory && !isDirectory ? Errno.IsDirectory
            : !ontoDirectory && isDirectory ? Errno.NotDirectory
            : ontoDirectory && state.List(target).Any() ? Errno.NotEmpty
            : Errno.None;
    }
}
