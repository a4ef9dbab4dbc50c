namespace SigmaComms.Client.Vaults.Mounting;

/// <summary>
/// What a mount knows of a file beyond the namespace: who has it open, and what was written and is not in stripes yet.
/// Fields are used under its gate.
/// </summary>
internal sealed class MountedFile(ulong inode)
{
    /// <summary>The file.</summary>
    public ulong Inode { get; } = inode;

    /// <summary>Held for moments, never while waiting, and nothing else is taken within it.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Held while its content goes to the nodes, or is cut.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>How many times it is open.</summary>
    public int Opens { get; set; }

    /// <summary>Whether it has no name any more and lives by this mount's hold.</summary>
    public bool IsHeld { get; set; }

    /// <summary>What was written.</summary>
    public DirtyRanges Dirty { get; set; } = new();

    /// <summary>What is on its way to the nodes; null if nothing is.</summary>
    public DirtyRanges? Leaving { get; set; }

    /// <summary>Its size; -1: as in the namespace.</summary>
    public long Size { get; set; } = -1;

    /// <summary>When it was written last, or what somebody set after that; 0: as in the namespace.</summary>
    public long ModifiedAt { get; set; }

    /// <summary>Whether somebody set <see cref="ModifiedAt"/> after the last write.</summary>
    public bool IsDated { get; set; }

    /// <summary>When the first of what is dirty was written, by the clock's ticks.</summary>
    public long DirtySince { get; set; }

    /// <summary>Counts how often what was written changed its place, so that a reader notices.</summary>
    public int Moves { get; set; }

    /// <summary>Why written bytes could not be stored, told once to whoever asks next.</summary>
    public Vault.Namespace.Errno Lost { get; set; }

    /// <summary>Whether anything of it is not in the namespace.</summary>
    public bool IsDirty => !Dirty.IsEmpty || Leaving is not null || Size >= 0;
}
