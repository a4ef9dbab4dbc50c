namespace SigmaComms.Cluster.Storage.Collection;

/// <summary>What is to be done with a fragment.</summary>
internal enum FragmentFate
{
    /// <summary>It belongs to a vault, or may: it is kept, repaired and moved.</summary>
    Kept,

    /// <summary>No entry has added its stripe yet: it stays where it is, and goes when it is too old.</summary>
    Staged,

    /// <summary>Its stripe was dropped: it goes.</summary>
    Dropped,
}
