using System.Collections.Immutable;
using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Vault.Namespace;

/// <summary>Operations on attributes. Each checks all before it changes anything.</summary>
internal static class AttributeOperations
{
    /// <summary>Sets attributes.</summary>
    public static Errno Apply(InodeStore store, SetAttributes op)
    {
        Inode? inode = store.Find(op.Inode);
        if (inode is null)
        {
            return Errno.NotFound;
        }

        store.Touch(inode);
        inode.ChangedAt = op.At;
        inode.Mode = op.Fields.HasFlag(AttributeFields.Mode) ? op.Owner.Mode : inode.Mode;
        inode.Uid = op.Fields.HasFlag(AttributeFields.Uid) ? op.Owner.Uid : inode.Uid;
        inode.Gid = op.Fields.HasFlag(AttributeFields.Gid) ? op.Owner.Gid : inode.Gid;
        inode.AccessedAt = op.Fields.HasFlag(AttributeFields.AccessedAt) ? op.AccessedAt : inode.AccessedAt;
        inode.ModifiedAt = op.Fields.HasFlag(AttributeFields.ModifiedAt) ? op.ModifiedAt : inode.ModifiedAt;
        return Errno.None;
    }

    /// <summary>Sets an extended attribute.</summary>
    public static Errno Apply(InodeStore store, SetXattr op)
    {
        Inode? inode = store.Find(op.Inode);
        if (inode is null)
        {
            return Errno.NotFound;
        }

        InodeExtras extras = inode.Extras ?? InodeExtras.Empty;
        int at = IndexOf(extras.Xattrs, op.Name.Span);
        if ((op.Mode == XattrMode.Create && at >= 0) || (op.Mode == XattrMode.Replace && at < 0))
        {
            return at >= 0 ? Errno.Exists : Errno.NoData;
        }

        ImmutableArray<Xattr> others = at >= 0 ? extras.Xattrs.RemoveAt(at) : extras.Xattrs;
        Xattr set = new(op.Name.ToArray(), op.Value.ToArray());
        if (others.Sum(other => other.SizeBytes) + set.SizeBytes > NamespaceLimits.XattrSizeMax)
        {
            return Errno.NoSpace;
        }

        store.Touch(inode);
        inode.ChangedAt = op.At;
        inode.Extras = extras with { Xattrs = others.Insert(at >= 0 ? at : ~at, set) };
        return Errno.None;
    }

    /// <summary>Removes an extended attribute.</summary>
    public static Errno Apply(InodeStore store, RemoveXattr op)
    {
        Inode? inode = store.Find(op.Inode);
        int at = inode?.Extras is null ? -1 : IndexOf(inode.Extras.Xattrs, op.Name.Span);
        if (inode is null || at < 0)
        {
            return inode is null ? Errno.NotFound : Errno.NoData;
        }

        store.Touch(inode);
        inode.ChangedAt = op.At;
        inode.Extras = (inode.Extras! with { Xattrs = inode.Extras.Xattrs.RemoveAt(at) }).OrNull;
        return Errno.None;
    }

    /// <summary>Fails unless an inode is as it was.</summary>
    public static Errno Apply(InodeStore store, RequireVersion op)
    {
        Inode? inode = store.Find(op.Inode);
        return inode is not null && inode.Version == op.Version ? Errno.None : Errno.Stale;
    }

    /// <summary>The place of a name, or the complement of where it would be.</summary>
    internal static int IndexOf(ImmutableArray<Xattr> xattrs, ReadOnlySpan<byte> name)
    {
        for (int at = 0; at < xattrs.Length; at++)
        {
            int order = name.SequenceCompareTo(xattrs[at].Name);
            if (order <= 0)
            {
                return order == 0 ? at : ~at;
            }
        }

        return ~xattrs.Length;
    }
}
