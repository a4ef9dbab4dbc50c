using SigmaComms.Cryptography;
using SigmaComms.Vault.Sealing;
using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Vault.Namespace;

/// <summary>
/// A whole namespace: what follows from the operations so far and from nothing else. Everybody who applies the same
/// batches in the same order has the same state, and every batch succeeds or fails for all alike.
/// </summary>
/// <remarks>Not safe for use from two threads at once.</remarks>
public sealed class NamespaceState
{
    /// <summary>The state before the first operation: a root that belongs to user 0, mode 0755.</summary>
    public NamespaceState()
        : this(new InodeStore()) => Store.Add(new Inode
        {
            Id = NamespaceLimits.Root,
            Kind = FileKind.Directory,
            Mode = 0x1ED,
            Links = 2,
            Content = new DirectoryTable(NamespaceLimits.Root),
        });

    internal NamespaceState(InodeStore store) => Store = store;

    /// <summary>How many inodes there are.</summary>
    public int InodeCount => Store.Count;

    /// <summary>How many stripes files refer to.</summary>
    public int StripeCount => Store.StripeCount;

    /// <summary>Who has the write lease; default if nobody ever had.</summary>
    public NodeId LeaseHolder => Store.LeaseHolder;

    /// <summary>Counts how often the lease changed hands.</summary>
    public ulong LeaseEpoch => Store.LeaseEpoch;

    /// <summary>Stripes that nothing in the log refers to and nobody has yet told the nodes of, ascending.</summary>
    public IReadOnlyCollection<StripeId> Released =>
        Foresight is { IsEmpty: false } foresight ? [.. Store.Released.Except(foresight.Released())] : Store.Released;

    /// <summary>Changes that it shows before the log has them; null unless that was asked for.</summary>
    public Foresight? Foresight { get; private set; }

    internal InodeStore Store { get; }

    /// <summary>Applies operations in their order: all or none.</summary>
    /// <param name="writer">Who sends them.</param>
    /// <param name="epoch">The epoch of the vault key that locks their new stripes.</param>
    /// <param name="operations">The operations, well formed.</param>
    public BatchOutcome Apply(NodeId writer, int epoch, IReadOnlyList<NamespaceOperation> operations)
    {
        ArgumentNullException.ThrowIfNull(operations);
        Invariant.Holds(!Store.IsForeseeing);
        if (operations.Count == 1)
        {
            Errno only = Apply(writer, epoch, operations[0]);
            return only == Errno.None ? BatchOutcome.Done : new BatchOutcome(only, 0);
        }

        BatchOutcome outcome = ApplyNoted(writer, epoch, operations);
        if (outcome.Succeeded)
        {
            Store.Commit();
        }

        return outcome;
    }

    /// <summary>Shows changes of a writer before the log has them, from now on.</summary>
    /// <param name="writer">The writer.</param>
    /// <exception cref="InvalidOperationException">It does already.</exception>
    public Foresight Foresee(NodeId writer) => Foresight = Foresight is null
        ? new Foresight(this, writer)
        : throw new InvalidOperationException("The state shows changes already.");

    /// <summary>Applies operations for now.</summary>
    /// <param name="writer">Who sends them.</param>
    /// <param name="epoch">The epoch of the vault key that locks their new stripes.</param>
    /// <param name="operations">The operations, well formed.</param>
    /// <param name="steps">What undoes them; null if they failed.</param>
    internal BatchOutcome TryApply(
        NodeId writer, int epoch, IReadOnlyList<NamespaceOperation> operations, out UndoStep[]? steps)
    {
        BatchOutcome outcome = ApplyNoted(writer, epoch, operations);
        steps = outcome.Succeeded ? Store.CommitForNow() : null;
        return outcome;
    }

    private BatchOutcome ApplyNoted(NodeId writer, int epoch, IReadOnlyList<NamespaceOperation> operations)
    {
        Store.Begin();
        for (int i = 0; i < operations.Count; i++)
        {
            Errno error = Apply(writer, epoch, operations[i]);
            if (error != Errno.None)
            {
                Store.RollBack();
                return new BatchOutcome(error, i);
            }
        }

        return BatchOutcome.Done;
    }

    /// <summary>Finds a name.</summary>
    /// <param name="parent">The directory.</param>
    /// <param name="name">The name.</param>
    /// <param name="inode">What it stands for, or 0.</param>
    public Errno Lookup(ulong parent, EntryName name, out ulong inode)
    {
        Errno error = EntryOperations.CheckEntry(Store, parent, name, out _, out Inode? found);
        inode = found?.Id ?? 0;
        return error;
    }

    /// <summary>Finds a path from the root.</summary>
    /// <param name="path">Names, none for the root.</param>
    /// <param name="inode">What it stands for, or 0; links are not followed.</param>
    public Errno Find(IReadOnlyList<EntryName> path, out ulong inode)
    {
        ArgumentNullException.ThrowIfNull(path);
        inode = NamespaceLimits.Root;
        foreach (EntryName name in path)
        {
            Errno error = Lookup(inode, name, out inode);
            if (error != Errno.None)
            {
                return error;
            }
        }

        return Errno.None;
    }

    /// <summary>What is known of an inode.</summary>
    /// <param name="inode">Its number.</param>
    /// <param name="stat">The answer, or default.</param>
    /// <returns>False if there is none.</returns>
    public bool TryStat(ulong inode, out InodeStat stat)
    {
        Inode? found = Store.Find(inode);
        stat = found is null ? default : new InodeStat(
            found.Id,
            found.Kind,
            new Ownership(found.Mode, found.Uid, found.Gid),
            found.Links,
            found.Size,
            found.Device,
            found.AccessedAt,
            found.ModifiedAt,
            found.ChangedAt,
            found.CreatedAt,
            found.Version);
        return found is not null;
    }

    /// <summary>The directory that a directory is in; the root is in itself.</summary>
    /// <param name="directory">The directory.</param>
    /// <returns>Its parent, or 0 if it is none.</returns>
    public ulong ParentOf(ulong directory) => Store.Find(directory)?.Entries?.Parent ?? 0;

    /// <summary>Lists a directory without "." and "..", in the order in which the entries came.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="afterCookie">Where to go on: the cookie of the last entry that was seen, or 0.</param>
    /// <returns>The entries, to be read before the next change; none if it is no directory.</returns>
    public IEnumerable<DirectoryItem> List(ulong directory, ulong afterCookie = 0) =>
        Store.Find(directory)?.Entries?.From(afterCookie) ?? [];

    /// <summary>The content that lives in the namespace itself.</summary>
    /// <param name="inode">A small file or a symbolic link.</param>
    /// <returns>Its bytes, perhaps fewer than its size, the rest being zeros; empty if there are none.</returns>
    public ReadOnlyMemory<byte> ReadInline(ulong inode) => Store.Find(inode)?.Content as byte[];

    /// <summary>The stripes of a range of a file; what none covers reads as zeros.</summary>
    /// <param name="inode">The file.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">How many bytes.</param>
    /// <returns>Extents that have a byte in the range, uncut, ascending.</returns>
    public IEnumerable<FileExtent> ReadExtents(ulong inode, long offset, long length)
    {
        long end = length > long.MaxValue - offset ? long.MaxValue : offset + length;
        IEnumerable<Extent> extents = (Store.Find(inode)?.Content as ExtentMap)?.In(offset, end) ?? [];
        return extents.Select(extent => new FileExtent(
            extent.Offset, extent.Length, extent.StripeOffset, extent.Stripe.Entry, extent.Stripe.Epoch));
    }

    /// <summary>An extended attribute.</summary>
    /// <param name="inode">The inode.</param>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value, or empty.</param>
    public Errno GetXattr(ulong inode, ReadOnlySpan<byte> name, out ReadOnlyMemory<byte> value)
    {
        value = default;
        Inode? found = Store.Find(inode);
        int at = found?.Extras is null ? -1 : AttributeOperations.IndexOf(found.Extras.Xattrs, name);
        if (found is null || at < 0)
        {
            return found is null ? Errno.NotFound : Errno.NoData;
        }

        value = found.Extras!.Xattrs[at].Value;
        return Errno.None;
    }

    /// <summary>The names of extended attributes, ascending by their bytes.</summary>
    /// <param name="inode">The inode.</param>
    public IEnumerable<ReadOnlyMemory<byte>> ListXattrs(ulong inode) =>
        Store.Find(inode)?.Extras?.Xattrs.Select(xattr => (ReadOnlyMemory<byte>)xattr.Name) ?? [];

    /// <summary>The locks on a file, sorted.</summary>
    /// <param name="inode">The file.</param>
    public IReadOnlyList<FileLock> Locks(ulong inode) => Store.Find(inode)?.Extras?.Locks ?? [];

    /// <summary>The inodes that a writer holds or has locked, ascending.</summary>
    /// <param name="writer">The writer.</param>
    public IReadOnlyList<ulong> ClaimsOf(NodeId writer) =>
        [.. Store.Claims.GetViewBetween((writer, 0), (writer, ulong.MaxValue)).Select(claim => claim.Inode)];

    /// <summary>Whether files refer to a stripe.</summary>
    /// <param name="stripe">The stripe.</param>
    public bool IsLive(StripeId stripe) => Store.FindStripe(stripe) is not null;

    /// <summary>All stripes that files refer to, ascending by their ids.</summary>
    public IReadOnlyList<StripeId> LiveStripes() => [.. Store.Stripes.Select(record => record.Entry.Stripe).Order()];

    /// <summary>What it takes to read each stripe that files refer to, and the epoch of its key, in no order.</summary>
    public IReadOnlyList<(StripeEntry Entry, int Epoch)> StripeEntries() =>
        [.. Store.Stripes.Select(record => (record.Entry, record.Epoch))];

    private Errno Apply(NodeId writer, int epoch, NamespaceOperation operation) => operation switch
    {
        Make op => EntryOperations.Apply(Store, op),
        MakeSymlink op => EntryOperations.Apply(Store, op),
        MakeUnnamed op => EntryOperations.Apply(Store, op, writer),
        Link op => EntryOperations.Apply(Store, op),
        Unlink op => EntryOperations.Apply(Store, op),
        RemoveDirectory op => EntryOperations.Apply(Store, op),
        Rename op => RenameOperation.Apply(Store, op),
        SetAttributes op => AttributeOperations.Apply(Store, op),
        Truncate op => ContentOperations.Apply(Store, op),
        WriteStripe op => ContentOperations.Apply(Store, op, epoch),
        WriteInline op => ContentOperations.Apply(Store, op),
        PunchHole op => ContentOperations.Apply(Store, op),
        CloneRange op => ContentOperations.Apply(Store, op),
        SetXattr op => AttributeOperations.Apply(Store, op),
        RemoveXattr op => AttributeOperations.Apply(Store, op),
        SetLock op => ClaimOperations.Apply(Store, op, writer),
        Hold op => ClaimOperations.Apply(Store, op, writer),
        Release op => ClaimOperations.Apply(Store, op, writer),
        ReleaseWriter op => ClaimOperations.Apply(Store, op),
        RequireEntry op => EntryOperations.Apply(Store, op),
        RequireVersion op => AttributeOperations.Apply(Store, op),
        TakeLease op => ClaimOperations.Apply(Store, op, writer),
        RequireLease op => ClaimOperations.Apply(Store, op, writer),
        _ => throw new System.Diagnostics.UnreachableException("There is no such operation."),
    };
}
