namespace SigmaComms.Vault.Namespace;

/// <summary>What holds in every state that operations can make.</summary>
internal static class SnapshotRules
{
    /// <summary>Whether all of it holds.</summary>
    public static bool Hold(InodeStore store)
    {
        Inode? root = store.Find(NamespaceLimits.Root);
        if (root?.Entries is null || root.Entries.Parent != NamespaceLimits.Root)
        {
            return false;
        }

        Dictionary<ulong, int> names = [];
        foreach (Inode inode in store.Inodes)
        {
            if (!IsSound(inode) || !CountNames(store, inode, names))
            {
                return false;
            }
        }

        return store.Stripes.All(stripe => stripe.References > 0)
            && store.Inodes.All(inode => HasItsLinks(store, inode, names))
            && AllDirectoriesReachTheRoot(store);
    }

    private static bool IsSound(Inode inode)
    {
        bool contentFits = inode.Kind switch
        {
            FileKind.Directory => inode.Content is DirectoryTable && inode.Size == 0,
            FileKind.Symlink => inode.Content is byte[] target && target.Length == inode.Size && target.Length > 0
                && !target.Contains((byte)0),
            FileKind.Regular => inode.Content switch
            {
                null => true,
                byte[] inline => inline.Length is > 0 and <= NamespaceLimits.InlineSizeMax
                    && inline.Length <= inode.Size,
                ExtentMap extents => extents.All().Last().End <= inode.Size,
                _ => false,
            },
            FileKind.Fifo or FileKind.Socket or FileKind.CharacterDevice or FileKind.BlockDevice =>
                inode.Content is null && inode.Size == 0,
            _ => false,
        };
        bool isDevice = inode.Kind is FileKind.CharacterDevice or FileKind.BlockDevice;
        return contentFits
            && inode.Id is >= NamespaceLimits.Root and <= NamespaceLimits.InodeMax
            && inode.Version >= 1
            && inode.Mode <= Ownership.ModeMask
            && inode.Size is >= 0 and <= NamespaceLimits.FileSizeMax
            && (isDevice || inode.Device == 0)
            && (inode.Links > 0 || inode.IsHeld)
            && AreSound(inode.Extras ?? InodeExtras.Empty);
    }

    private static bool AreSound(InodeExtras extras)
    {
        for (int i = 0; i < extras.Xattrs.Length; i++)
        {
            Xattr xattr = extras.Xattrs[i];
            bool ascends = i == 0 || xattr.Name.AsSpan().SequenceCompareTo(extras.Xattrs[i - 1].Name) > 0;
            if (xattr.Name.Length == 0 || xattr.Name.Contains((byte)0) || !ascends)
            {
                return false;
            }
        }

        for (int i = 0; i < extras.Locks.Length; i++)
        {
            FileLock held = extras.Locks[i];
            bool valid = held.Space is LockSpace.Record or LockSpace.WholeFile
                && held.Kind is LockKind.Shared or LockKind.Exclusive
                && held.First >= 0 && held.Last >= held.First;
            bool alone = extras.Locks.Take(i).All(other =>
                !other.ConflictsWith(held) && !(other.IsOfSameOwner(held) && other.Overlaps(held)));
            if (!valid || !alone || (i > 0 && ClaimOperations.Compare(extras.Locks[i - 1], held) >= 0))
            {
                return false;
            }
        }

        bool holdersAscend = Enumerable.Range(1, Math.Max(0, extras.Holders.Length - 1))
            .All(i => extras.Holders[i - 1] < extras.Holders[i]);
        return holdersAscend
            && extras.Locks.Length <= NamespaceLimits.LocksMax
            && extras.Xattrs.Sum(xattr => xattr.SizeBytes) <= NamespaceLimits.XattrSizeMax;
    }

    private static bool CountNames(InodeStore store, Inode inode, Dictionary<ulong, int> names)
    {
        foreach (DirectoryItem item in inode.Entries?.From(0) ?? [])
        {
            Inode? named = store.Find(item.Inode);
            bool fits = named is not null && inode.Links > 0
                && (named.Entries is null || named.Entries.Parent == inode.Id);
            if (!fits)
            {
                return false;
            }

            names[item.Inode] = names.GetValueOrDefault(item.Inode) + 1;
        }

        return true;
    }

    private static bool HasItsLinks(InodeStore store, Inode inode, Dictionary<ulong, int> names)
    {
        int named = names.GetValueOrDefault(inode.Id);
        if (inode.Entries is null)
        {
            return inode.Links == named && inode.Links <= NamespaceLimits.LinksMax;
        }

        int subdirectories = inode.Entries.From(0).Count(item => store.Find(item.Inode)!.Entries is not null);
        bool isRoot = inode.Id == NamespaceLimits.Root;
        bool gone = inode.Links == 0 && named == 0 && inode.Entries.Count == 0 && !isRoot;
        return gone || (inode.Links == 2 + subdirectories && named == (isRoot ? 0 : 1));
    }

    /// <summary>A directory with one name each, and the root with none, can still be a ring apart.</summary>
    private static bool AllDirectoriesReachTheRoot(InodeStore store)
    {
        HashSet<ulong> reached = [NamespaceLimits.Root];
        Stack<ulong> open = new([NamespaceLimits.Root]);
        while (open.TryPop(out ulong id))
        {
            foreach (DirectoryItem item in store.Find(id)!.Entries!.From(0))
            {
                if (store.Find(item.Inode)!.Entries is not null && reached.Add(item.Inode))
                {
                    open.Push(item.Inode);
                }
            }
        }

        return store.Inodes.All(inode => inode.Entries is null || inode.Links == 0 || reached.Contains(inode.Id));
    }
}
