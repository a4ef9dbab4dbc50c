using SigmaComms.Cryptography;
using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Vault.Namespace;

/// <summary>Operations on names. Each checks all before it changes anything.</summary>
internal static class EntryOperations
{
    /// <summary>Makes a file, directory, pipe, socket or device.</summary>
    public static Errno Apply(InodeStore store, Make op)
    {
        Errno error = CheckNew(store, op.Parent, op.Name, op.Inode, out Inode? parent);
        if (error != Errno.None)
        {
            return error;
        }

        Inode made = NewInode(op.Inode, op.Kind, op.Owner, op.At);
        made.Device = op.Device;
        if (op.Kind == FileKind.Directory)
        {
            made.Content = new DirectoryTable(op.Parent);
            made.Links = 2;
        }

        Enter(store, parent!, op.Name, made, op.At);
        return Errno.None;
    }

    /// <summary>Makes a symbolic link.</summary>
    public static Errno Apply(InodeStore store, MakeSymlink op)
    {
        Errno error = CheckNew(store, op.Parent, op.Name, op.Inode, out Inode? parent);
        if (error != Errno.None)
        {
            return error;
        }

        Inode made = NewInode(op.Inode, FileKind.Symlink, op.Owner, op.At);
        made.Content = op.Target.ToArray();
        made.Size = op.Target.Length;
        Enter(store, parent!, op.Name, made, op.At);
        return Errno.None;
    }

    /// <summary>Makes a file without a name.</summary>
    public static Errno Apply(InodeStore store, MakeUnnamed op, NodeId writer)
    {
        Errno error = CheckNumber(store, op.Inode);
        if (error != Errno.None)
        {
            return error;
        }

        Inode made = NewInode(op.Inode, FileKind.Regular, op.Owner, op.At);
        made.Links = 0;
        store.Add(made);
        store.SetExtras(made, InodeExtras.Empty with { Holders = [writer] }, writer);
        return Errno.None;
    }

    /// <summary>Gives a file another name.</summary>
    public static Errno Apply(InodeStore store, Link op)
    {
        Inode? inode = store.Find(op.Inode);
        Errno error = CheckParent(store, op.Parent, out Inode? parent);
        if (inode is null || error != Errno.None)
        {
            return inode is null ? Errno.NotFound : error;
        }

        if (parent!.Entries!.Find(op.Name.Bytes).Inode != 0)
        {
            return Errno.Exists;
        }

        if (inode.Kind == FileKind.Directory || inode.Links >= NamespaceLimits.LinksMax)
        {
            return inode.Kind == FileKind.Directory ? Errno.NotPermitted : Errno.TooManyLinks;
        }

        store.Touch(inode);
        inode.Links++;
        inode.ChangedAt = op.At;
        Touch(store, parent, op.At);
        store.AddEntry(parent.Entries, op.Name, op.Inode);
        return Errno.None;
    }

    /// <summary>Takes a name from a file.</summary>
    public static Errno Apply(InodeStore store, Unlink op)
    {
        Errno error = CheckEntry(store, op.Parent, op.Name, out Inode? parent, out Inode? inode);
        if (error != Errno.None || inode!.Kind == FileKind.Directory)
        {
            return error != Errno.None ? error : Errno.IsDirectory;
        }

        Touch(store, parent!, op.At);
        store.RemoveEntry(parent!.Entries!, op.Name);
        DropLink(store, inode, op.At);
        return Errno.None;
    }

    /// <summary>Removes an empty directory.</summary>
    public static Errno Apply(InodeStore store, RemoveDirectory op)
    {
        Errno error = CheckEntry(store, op.Parent, op.Name, out Inode? parent, out Inode? inode);
        if (error != Errno.None || inode!.Entries is null)
        {
            return error != Errno.None ? error : Errno.NotDirectory;
        }

        if (inode.Entries.Count > 0)
        {
            return Errno.NotEmpty;
        }

        Touch(store, parent!, op.At);
        parent!.Links--;
        store.RemoveEntry(parent.Entries!, op.Name);
        DropDirectory(store, inode, op.At);
        return Errno.None;
    }

    /// <summary>Fails unless a name is that of an inode.</summary>
    public static Errno Apply(InodeStore store, RequireEntry op)
    {
        Errno error = CheckParent(store, op.Parent, out Inode? parent);
        if (error != Errno.None)
        {
            return error;
        }

        return parent!.Entries!.Find(op.Name.Bytes).Inode == op.Inode ? Errno.None : Errno.Stale;
    }

    /// <summary>Marks a change of a directory's entries.</summary>
    internal static void Touch(InodeStore store, Inode directory, long at)
    {
        store.Touch(directory);
        directory.ModifiedAt = at;
        directory.ChangedAt = at;
    }

    /// <summary>Takes one name from an inode that is no directory.</summary>
    internal static void DropLink(InodeStore store, Inode inode, long at)
    {
        Invariant.Holds(inode.Links > 0);
        store.Touch(inode);
        inode.Links--;
        inode.ChangedAt = at;
        RemoveIfGone(store, inode);
    }

    /// <summary>Takes the name from an empty directory.</summary>
    internal static void DropDirectory(InodeStore store, Inode inode, long at)
    {
        store.Touch(inode);
        inode.Links = 0;
        inode.ChangedAt = at;
        RemoveIfGone(store, inode);
    }

    /// <summary>Removes an inode that has neither name nor holder, and its locks with it.</summary>
    internal static void RemoveIfGone(InodeStore store, Inode inode)
    {
        if (inode.Links > 0 || inode.IsHeld)
        {
            return;
        }

        if (inode.Extras is { Locks.IsEmpty: false } extras)
        {
            InodeExtras without = extras with { Locks = [] };
            foreach (NodeId writer in extras.Locks.Select(held => held.Writer).Distinct())
            {
                store.SetExtras(inode, without, writer);
            }
        }

        store.Remove(inode);
    }

    /// <summary>Finds a directory that still has a name.</summary>
    internal static Errno CheckParent(InodeStore store, ulong id, out Inode? parent)
    {
        parent = store.Find(id);
        if (parent is null || parent.Entries is null)
        {
            return parent is null ? Errno.NotFound : Errno.NotDirectory;
        }

        return parent.Links == 0 ? Errno.NotFound : Errno.None;
    }

    /// <summary>Finds an entry.</summary>
    internal static Errno CheckEntry(
        InodeStore store, ulong parentId, EntryName name, out Inode? parent, out Inode? inode)
    {
        inode = null;
        Errno error = CheckParent(store, parentId, out parent);
        if (error != Errno.None)
        {
            return error;
        }

        inode = Named(store, parent!, name);
        return inode is null ? Errno.NotFound : Errno.None;
    }

    /// <summary>What a name in a directory stands for, or null.</summary>
    internal static Inode? Named(InodeStore store, Inode directory, EntryName name)
    {
        ulong id = directory.Entries!.Find(name.Bytes).Inode;
        Inode? named = id == 0 ? null : store.Find(id);
        Invariant.Holds(id == 0 || named is not null);
        return named;
    }

    private static Errno CheckNew(InodeStore store, ulong parentId, EntryName name, ulong id, out Inode? parent)
    {
        Errno error = CheckParent(store, parentId, out parent);
        if (error != Errno.None)
        {
            return error;
        }

        return parent!.Entries!.Find(name.Bytes).Inode != 0 ? Errno.Exists : CheckNumber(store, id);
    }

    private static Errno CheckNumber(InodeStore store, ulong id)
    {
        if (store.Count >= NamespaceLimits.InodesMax)
        {
            return Errno.NoSpace;
        }

        return store.Find(id) is null ? Errno.None : Errno.Exists;
    }

    private static Inode NewInode(ulong id, FileKind kind, Ownership owner, long at) => new()
    {
        Id = id,
        Kind = kind,
        Mode = owner.Mode,
        Uid = owner.Uid,
        Gid = owner.Gid,
        Links = 1,
        AccessedAt = at,
        ModifiedAt = at,
        ChangedAt = at,
        CreatedAt = at,
    };

    private static void Enter(InodeStore store, Inode parent, EntryName name, Inode made, long at)
    {
        store.Add(made);
        Touch(store, parent, at);
        parent.Links += made.Kind == FileKind.Directory ? 1 : 0;
        store.AddEntry(parent.Entries!, name, made.Id);
    }
}
