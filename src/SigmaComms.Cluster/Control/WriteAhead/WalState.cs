namespace SigmaComms.Cluster.Control.WriteAhead;

/// <summary>How a log was found.</summary>
internal enum WalState
{
    /// <summary>There is no log.</summary>
    Missing,

    /// <summary>Whole to its end.</summary>
    Clean,

    /// <summary>Whole but for a group that was never acknowledged as synced; that was cut off.</summary>
    TornTail,

    /// <summary>Something that was synced is damaged or gone. Nothing was changed.</summary>
    Damaged,
}
