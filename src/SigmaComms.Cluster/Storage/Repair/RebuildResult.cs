namespace SigmaComms.Cluster.Storage.Repair;

/// <summary>What came of rebuilding a stripe.</summary>
internal enum RebuildResult
{
    /// <summary>All that this node had to rebuild is where it belongs.</summary>
    Rebuilt,

    /// <summary>There was nothing to do any more.</summary>
    NotNeeded,

    /// <summary>Too few fragments could be had; later perhaps.</summary>
    TooFew,

    /// <summary>No node took a rebuilt fragment; later perhaps.</summary>
    NoPlace,

    /// <summary>
    /// The rebuilt bytes do not have the root that the label says: its writer made it so. Nothing can be done.
    /// </summary>
    Inconsistent,
}
