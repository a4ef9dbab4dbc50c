using SigmaComms.Cryptography;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Vault.Namespace;

/// <summary>
/// All tables of a namespace. Every change goes through it, so that a batch that fails leaves nothing behind: while a
/// batch of several operations runs, each change is noted with what it takes to undo it.
/// </summary>
internal sealed class InodeStore
{
    private readonly Dictionary<ulong, Inode> _inodes = [];
    private readonly Dictionary<StripeId, StripeRecord> _stripes = [];
    private readonly List<UndoStep> _steps = [];
    private bool _recording;

    /// <summary>How many inodes there are.</summary>
    public int Count => _inodes.Count;

    /// <summary>All inodes, in no order.</summary>
    public IReadOnlyCollection<Inode> Inodes => _inodes.Values;

    /// <summary>How many stripes files refer to.</summary>
    public int StripeCount => _stripes.Count;

    /// <summary>All stripes, in no order.</summary>
    public IReadOnlyCollection<StripeRecord> Stripes => _stripes.Values;

    /// <summary>Stripes that nothing refers to any more and nobody has yet told the nodes of.</summary>
    public SortedSet<StripeId> Released { get; } = [];

    /// <summary>Inodes on which a writer has locks or holds.</summary>
    public SortedSet<(NodeId Writer, ulong Inode)> Claims { get; } = [];

    /// <summary>Who has the write lease.</summary>
    public NodeId LeaseHolder { get; private set; }

    /// <summary>Counts how often the lease changed hands.</summary>
    public ulong LeaseEpoch { get; private set; }

    /// <summary>The inode of a number, or null.</summary>
    public Inode? Find(ulong id) => _inodes.GetValueOrDefault(id);

    /// <summary>Whether files refer to a stripe.</summary>
    public StripeRecord? FindStripe(StripeId id) => _stripes.GetValueOrDefault(id);

    /// <summary>Whether changes that were kept may be undone later.</summary>
    public bool IsForeseeing { get; set; }

    /// <summary>Starts noting changes.</summary>
    public void Begin() => _recording = true;

    /// <summary>Keeps what changed.</summary>
    public void Commit()
    {
        _recording = false;
        _steps.Clear();
    }

    /// <summary>Keeps what changed, and gives what undoes it.</summary>
    public UndoStep[] CommitForNow()
    {
        UndoStep[] steps = [.. _steps];
        Commit();
        return steps;
    }

    /// <summary>Undoes what changed since <see cref="Begin"/>.</summary>
    public void RollBack()
    {
        _recording = false;
        for (int i = _steps.Count - 1; i >= 0; i--)
        {
            Undo(_steps[i]);
        }

        _steps.Clear();
    }

    /// <summary>Undoes what was kept for now; what came after it was undone before.</summary>
    public void Undo(UndoStep[] steps)
    {
        for (int i = steps.Length - 1; i >= 0; i--)
        {
            Undo(steps[i]);
        }
    }

    /// <summary>Notes what an inode is before it changes, and counts the change.</summary>
    public void Touch(Inode inode)
    {
        if (_recording)
        {
            _steps.Add(new UndoStep(UndoKind.InodeChanged, inode, inode.Clone()));
        }

        inode.Version++;
    }

    /// <summary>Adds an inode.</summary>
    public void Add(Inode inode)
    {
        _inodes.Add(inode.Id, inode);
        Note(new UndoStep(UndoKind.InodeAdded, inode));
    }

    /// <summary>Removes an inode and what it refers to.</summary>
    public void Remove(Inode inode)
    {
        if (inode.Content is ExtentMap extents)
        {
            foreach (Extent extent in extents.All())
            {
                Unreference(extent.Stripe);
            }
        }

        bool removed = _inodes.Remove(inode.Id);
        Invariant.Holds(removed && inode.Id != NamespaceLimits.Root);
        Note(new UndoStep(UndoKind.InodeRemoved, inode));
    }

    /// <summary>Adds an entry to a directory.</summary>
    public void AddEntry(DirectoryTable table, EntryName name, ulong inode)
    {
        Note(new UndoStep(UndoKind.EntryAdded, table, name.Array, Cookie: table.NextCookie));
        table.Add(name.Array, inode, keepPlaces: _recording || IsForeseeing);
    }

    /// <summary>Removes an entry of a directory.</summary>
    public void RemoveEntry(DirectoryTable table, EntryName name)
    {
        if (_recording)
        {
            (ulong inode, ulong cookie) = table.Find(name.Bytes);
            Note(new UndoStep(UndoKind.EntryRemoved, table, name.Array, inode, cookie));
        }

        table.Remove(name.Bytes);
    }

    /// <summary>Lets an entry stand for another inode.</summary>
    public void ReplaceEntry(DirectoryTable table, EntryName name, ulong inode)
    {
        if (_recording)
        {
            Note(new UndoStep(UndoKind.EntryReplaced, table, name.Array, table.Find(name.Bytes).Inode));
        }

        table.Replace(name.Bytes, inode);
    }

    /// <summary>Puts a directory into another one.</summary>
    public void SetParent(DirectoryTable table, ulong parent)
    {
        Note(new UndoStep(UndoKind.ParentChanged, table, Inode: table.Parent));
        table.Parent = parent;
    }

    /// <summary>Adds a stripe that nothing refers to yet.</summary>
    public StripeRecord AddStripe(StripeEntry entry, int epoch)
    {
        StripeRecord record = new(entry, epoch);
        StripeId id = entry.Stripe;
        _stripes.Add(id, record);
        Note(new UndoStep(UndoKind.StripeAdded, record));
        if (Released.Remove(id))
        {
            Note(new UndoStep(UndoKind.Reclaimed, Former: id));
        }

        return record;
    }

    /// <summary>Counts a reference to a stripe.</summary>
    public void Reference(StripeRecord stripe)
    {
        stripe.References++;
        Note(new UndoStep(UndoKind.ReferenceAdded, stripe));
    }

    /// <summary>Takes a reference away; the stripe goes with the last.</summary>
    public void Unreference(StripeRecord stripe)
    {
        Invariant.Holds(stripe.References > 0);
        stripe.References--;
        Note(new UndoStep(UndoKind.ReferenceRemoved, stripe));
        if (stripe.References == 0)
        {
            StripeId id = stripe.Entry.Stripe;
            _stripes.Remove(id);
            Note(new UndoStep(UndoKind.StripeRemoved, stripe));
            Release(id);
        }
    }

    /// <summary>Puts a stripe among those that the nodes may forget.</summary>
    public void Release(StripeId id)
    {
        if (Released.Add(id))
        {
            Note(new UndoStep(UndoKind.Released, Former: id));
        }
    }

    /// <summary>Changes what an inode has besides; the caller has touched it.</summary>
    public void SetExtras(Inode inode, InodeExtras extras, NodeId writer)
    {
        inode.Extras = extras.OrNull;
        (NodeId, ulong) claim = (writer, inode.Id);
        if (extras.IsClaimedBy(writer))
        {
            if (Claims.Add(claim))
            {
                Note(new UndoStep(UndoKind.ClaimAdded, Former: writer, Inode: inode.Id));
            }
        }
        else if (Claims.Remove(claim))
        {
            Note(new UndoStep(UndoKind.ClaimRemoved, Former: writer, Inode: inode.Id));
        }
    }

    /// <summary>Gives the lease to a writer.</summary>
    public void SetLease(NodeId holder, ulong epoch)
    {
        Note(new UndoStep(UndoKind.LeaseTaken, Former: LeaseHolder, Inode: LeaseEpoch));
        (LeaseHolder, LeaseEpoch) = (holder, epoch);
    }

    private void Note(UndoStep step)
    {
        if (_recording)
        {
            _steps.Add(step);
        }
    }

    private void Undo(UndoStep step)
    {
        switch (step.Kind)
        {
            case UndoKind.InodeChanged:
                ((Inode)step.Target!).Become((Inode)step.Former!);
                break;
            case UndoKind.InodeAdded:
                _inodes.Remove(((Inode)step.Target!).Id);
                break;
            case UndoKind.InodeRemoved:
                _inodes.Add(((Inode)step.Target!).Id, (Inode)step.Target);
                break;
            case UndoKind.EntryAdded or UndoKind.EntryRemoved or UndoKind.EntryReplaced or UndoKind.ParentChanged:
                UndoEntry(step, (DirectoryTable)step.Target!);
                break;
            case UndoKind.Released:
                Released.Remove((StripeId)step.Former!);
                break;
            case UndoKind.Reclaimed:
                Released.Add((StripeId)step.Former!);
                break;
            case UndoKind.ClaimAdded:
                Claims.Remove(((NodeId)step.Former!, step.Inode));
                break;
            case UndoKind.ClaimRemoved:
                Claims.Add(((NodeId)step.Former!, step.Inode));
                break;
            case UndoKind.LeaseTaken:
                (LeaseHolder, LeaseEpoch) = ((NodeId)step.Former!, step.Inode);
                break;
            default:
                UndoStripe(step.Kind, (StripeRecord)step.Target!);
                break;
        }
    }

    private void UndoStripe(UndoKind kind, StripeRecord stripe)
    {
        switch (kind)
        {
            case UndoKind.StripeAdded:
                _stripes.Remove(stripe.Entry.Stripe);
                break;
            case UndoKind.StripeRemoved:
                _stripes.Add(stripe.Entry.Stripe, stripe);
                break;
            case UndoKind.ReferenceAdded:
                stripe.References--;
                break;
            default:
                Invariant.Holds(kind == UndoKind.ReferenceRemoved);
                stripe.References++;
                break;
        }
    }

    private static void UndoEntry(UndoStep step, DirectoryTable table)
    {
        switch (step.Kind)
        {
            case UndoKind.EntryAdded:
                table.TakeBack((byte[])step.Former!, step.Cookie);
                break;
            case UndoKind.EntryRemoved:
                table.Restore((byte[])step.Former!, step.Inode, step.Cookie);
                break;
            case UndoKind.EntryReplaced:
                table.Replace((byte[])step.Former!, step.Inode);
                break;
            default:
                table.Parent = step.Inode;
                break;
        }
    }
}
