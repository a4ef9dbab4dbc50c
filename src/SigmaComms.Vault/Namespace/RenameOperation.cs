using SigmaComms.Cryptography;
using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Vault.Namespace;

/// <summary>Renaming, in the order of checks of POSIX and Linux.</summary>
internal static class RenameOperation
{
    /// <summary>Moves a name, or swaps two.</summary>
    public static Errno Apply(InodeStore store, Rename op)
    {
        // Both directories first, then the names in them.
        Errno error = EntryOperations.CheckParent(store, op.Parent, out Inode? from);
        Inode? to = null;
        error = error != Errno.None ? error : EntryOperations.CheckParent(store, op.NewParent, out to);
        if (error != Errno.None)
        {
            return error;
        }

        Inode? moved = EntryOperations.Named(store, from!, op.Name);
        Inode? target = EntryOperations.Named(store, to!, op.NewName);
        if (moved is null)
        {
            return Errno.NotFound;
        }

        error = Check(store, op.Mode, from!, moved, to!, target);
        if (error != Errno.None || moved == target)
        {
            return error;
        }

        EntryOperations.Touch(store, from!, op.At);
        if (from != to)
        {
            EntryOperations.Touch(store, to!, op.At);
        }

        store.Touch(moved);
        moved.ChangedAt = op.At;
        if (op.Mode == RenameMode.Exchange)
        {
            Exchange(store, op, from!, moved, to!, target!);
        }
        else
        {
            Move(store, op, from!, moved, to!, target);
        }

        return Errno.None;
    }

    private static Errno Check(
        InodeStore store, RenameMode mode, Inode from, Inode moved, Inode to, Inode? target)
    {
        if (mode == RenameMode.KeepExisting && target is not null)
        {
            return Errno.Exists;
        }

        if (mode == RenameMode.Exchange && target is null)
        {
            return Errno.NotFound;
        }

        if (IsInside(store, to, moved))
        {
            return Errno.Invalid;
        }

        if (target is null || target == moved)
        {
            return Errno.None;
        }

        if (IsInside(store, from, target))
        {
            return mode == RenameMode.Exchange ? Errno.Invalid : Errno.NotEmpty;
        }

        return mode == RenameMode.Exchange ? Errno.None : CheckReplaced(moved, target);
    }

    private static Errno CheckReplaced(Inode moved, Inode target)
    {
        if (moved.Entries is not null && target.Entries is null)
        {
            return Errno.NotDirectory;
        }

        if (moved.Entries is null && target.Entries is not null)
        {
            return Errno.IsDirectory;
        }

        return target.Entries is { Count: > 0 } ? Errno.NotEmpty : Errno.None;
    }

    private static void Move(InodeStore store, Rename op, Inode from, Inode moved, Inode to, Inode? target)
    {
        store.RemoveEntry(from.Entries!, op.Name);
        if (target is null)
        {
            store.AddEntry(to.Entries!, op.NewName, moved.Id);
        }
        else
        {
            store.ReplaceEntry(to.Entries!, op.NewName, moved.Id);
        }

        if (moved.Entries is not null)
        {
            from.Links--;
            to.Links++;
            store.SetParent(moved.Entries, to.Id);
        }

        if (target is { Entries: not null })
        {
            to.Links--;
            EntryOperations.DropDirectory(store, target, op.At);
        }
        else if (target is not null)
        {
            EntryOperations.DropLink(store, target, op.At);
        }
    }

    private static void Exchange(InodeStore store, Rename op, Inode from, Inode moved, Inode to, Inode target)
    {
        store.Touch(target);
        target.ChangedAt = op.At;
        store.ReplaceEntry(from.Entries!, op.Name, target.Id);
        store.ReplaceEntry(to.Entries!, op.NewName, moved.Id);
        if (moved.Entries is not null)
        {
            from.Links--;
            to.Links++;
            store.SetParent(moved.Entries, to.Id);
        }

        if (target.Entries is not null)
        {
            to.Links--;
            from.Links++;
            store.SetParent(target.Entries, from.Id);
        }
    }

    /// <summary>Whether a directory is another one or below it.</summary>
    private static bool IsInside(InodeStore store, Inode directory, Inode other)
    {
        if (other.Entries is null)
        {
            return false;
        }

        Inode at = directory;
        while (at.Id != other.Id)
        {
            if (at.Id == NamespaceLimits.Root)
            {
                return false;
            }

            Inode? parent = store.Find(at.Entries!.Parent);
            Invariant.Holds(parent is not null);
            at = parent;
        }

        return true;
    }
}
