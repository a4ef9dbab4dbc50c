namespace SigmaComms.Vault.Namespace;

/// <summary>What changed in the store.</summary>
internal enum UndoKind
{
    /// <summary>Fields of an inode; former: its copy.</summary>
    InodeChanged,

    /// <summary>An inode came.</summary>
    InodeAdded,

    /// <summary>An inode went; target: the inode.</summary>
    InodeRemoved,

    /// <summary>An entry came; target: the table, former: the name, cookie: the table's next before.</summary>
    EntryAdded,

    /// <summary>An entry went; target: the table, former: the name.</summary>
    EntryRemoved,

    /// <summary>An entry stands for another inode; target: the table, former: the name.</summary>
    EntryReplaced,

    /// <summary>A directory is in another one; target: its table.</summary>
    ParentChanged,

    /// <summary>A stripe came; target: its record.</summary>
    StripeAdded,

    /// <summary>A stripe went; target: its record.</summary>
    StripeRemoved,

    /// <summary>A stripe is referred to once more; target: its record.</summary>
    ReferenceAdded,

    /// <summary>A stripe is referred to once less; target: its record.</summary>
    ReferenceRemoved,

    /// <summary>A stripe's id is among the released; former: the id.</summary>
    Released,

    /// <summary>A stripe's id is no longer among the released; former: the id.</summary>
    Reclaimed,

    /// <summary>A writer has a claim on an inode; former: the writer.</summary>
    ClaimAdded,

    /// <summary>A writer has no claim on an inode any more; former: the writer.</summary>
    ClaimRemoved,

    /// <summary>The lease changed hands; former: the holder before, inode: the epoch before.</summary>
    LeaseTaken,
}
