using System.Collections.Immutable;
using SigmaComms.Cryptography;
using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Vault.Namespace;

/// <summary>Operations on locks, holds and the lease. Each checks all before it changes anything.</summary>
internal static class ClaimOperations
{
    /// <summary>Locks a range, changes a lock, or frees it.</summary>
    public static Errno Apply(InodeStore store, SetLock op, NodeId writer)
    {
        Inode? inode = store.Find(op.Inode);
        if (inode is null || inode.Kind is FileKind.Symlink)
        {
            return inode is null ? Errno.NotFound : Errno.Invalid;
        }

        InodeExtras extras = inode.Extras ?? InodeExtras.Empty;
        FileLock wanted = new(op.Space, writer, op.Owner, op.First, op.Last, op.Kind);
        if (op.Kind != LockKind.None && extras.Locks.Any(wanted.ConflictsWith))
        {
            return Errno.Again;
        }

        ImmutableArray<FileLock> locks = Set(extras.Locks, wanted);
        if (locks.Length > NamespaceLimits.LocksMax)
        {
            return Errno.NoLocks;
        }

        store.Touch(inode);
        store.SetExtras(inode, extras with { Locks = locks }, writer);
        return Errno.None;
    }

    /// <summary>Keeps an inode for a writer.</summary>
    public static Errno Apply(InodeStore store, Hold op, NodeId writer)
    {
        Inode? inode = store.Find(op.Inode);
        if (inode is null)
        {
            return Errno.NotFound;
        }

        InodeExtras extras = inode.Extras ?? InodeExtras.Empty;
        if (!extras.Holders.Contains(writer))
        {
            store.Touch(inode);
            ImmutableArray<NodeId> holders = extras.Holders.Add(writer).Sort();
            store.SetExtras(inode, extras with { Holders = holders }, writer);
        }

        return Errno.None;
    }

    /// <summary>Ends a hold.</summary>
    public static Errno Apply(InodeStore store, Release op, NodeId writer)
    {
        Inode? inode = store.Find(op.Inode);
        if (inode?.Extras is null || !inode.Extras.Holders.Contains(writer))
        {
            return inode is null ? Errno.NotFound : Errno.Invalid;
        }

        store.Touch(inode);
        store.SetExtras(inode, inode.Extras with { Holders = inode.Extras.Holders.Remove(writer) }, writer);
        EntryOperations.RemoveIfGone(store, inode);
        return Errno.None;
    }

    /// <summary>Ends all claims of a writer.</summary>
    public static Errno Apply(InodeStore store, ReleaseWriter op)
    {
        List<ulong> claimed =
        [
            .. store.Claims.GetViewBetween((op.Writer, 0), (op.Writer, ulong.MaxValue)).Select(claim => claim.Inode),
        ];
        foreach (ulong id in claimed)
        {
            Inode? inode = store.Find(id);
            Invariant.Holds(inode?.Extras is not null);
            InodeExtras extras = inode.Extras;
            store.Touch(inode);
            InodeExtras without = extras with
            {
                Holders = extras.Holders.Remove(op.Writer),
                Locks = extras.Locks.RemoveAll(held => held.Writer == op.Writer),
            };
            store.SetExtras(inode, without, op.Writer);
            EntryOperations.RemoveIfGone(store, inode);
        }

        return Errno.None;
    }

    /// <summary>Gives the writer the lease.</summary>
    public static Errno Apply(InodeStore store, TakeLease op, NodeId writer)
    {
        if (op.Epoch != store.LeaseEpoch)
        {
            return Errno.Stale;
        }

        store.SetLease(writer, op.Epoch + 1);
        return Errno.None;
    }

    /// <summary>Fails unless the writer has the lease.</summary>
    public static Errno Apply(InodeStore store, RequireLease op, NodeId writer) =>
        op.Epoch == store.LeaseEpoch && writer == store.LeaseHolder ? Errno.None : Errno.Stale;

    /// <summary>Orders locks, so that everybody has the same list.</summary>
    internal static int Compare(FileLock left, FileLock right)
    {
        int order = left.Space.CompareTo(right.Space);
        order = order != 0 ? order : left.First.CompareTo(right.First);
        order = order != 0 ? order : left.Last.CompareTo(right.Last);
        order = order != 0 ? order : left.Writer.CompareTo(right.Writer);
        return order != 0 ? order : left.Owner.CompareTo(right.Owner);
    }

    private static ImmutableArray<FileLock> Set(ImmutableArray<FileLock> locks, FileLock wanted)
    {
        List<FileLock> kept = [];
        foreach (FileLock held in locks)
        {
            if (!held.IsOfSameOwner(wanted) || !held.Overlaps(wanted))
            {
                kept.Add(held);
                continue;
            }

            if (held.First < wanted.First)
            {
                kept.Add(held with { Last = wanted.First - 1 });
            }

            if (held.Last > wanted.Last)
            {
                kept.Add(held with { First = wanted.Last + 1 });
            }
        }

        if (wanted.Kind != LockKind.None)
        {
            kept.Add(wanted);
        }

        kept.Sort(Compare);
        return [.. kept];
    }
}
