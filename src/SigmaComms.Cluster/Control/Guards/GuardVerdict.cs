namespace SigmaComms.Cluster.Control.Guards;

/// <summary>What the guard says of a ballot.</summary>
internal enum GuardVerdict
{
    /// <summary>It may be signed once it is durable.</summary>
    Admitted,

    /// <summary>It was admitted before, word for word.</summary>
    Known,

    /// <summary>It contradicts what was admitted: signing it would be an offence.</summary>
    Contradiction,

    /// <summary>Its view is too long ago for the guard to know what was said of it.</summary>
    TooOld,

    /// <summary>It is of another epoch than the guard's.</summary>
    OtherEpoch,

    /// <summary>
    /// The guard lost its memory, or the node its log: no vote before the next epoch and incarnation.
    /// </summary>
    NotVoting,
}
