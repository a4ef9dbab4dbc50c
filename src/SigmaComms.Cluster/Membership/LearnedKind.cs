namespace SigmaComms.Cluster.Membership;

/// <summary>What came of taking in a member's credential.</summary>
internal enum LearnedKind
{
    /// <summary>A member not known before.</summary>
    New,

    /// <summary>A later process, or other endpoints, of a known member.</summary>
    Newer,

    /// <summary>Nothing that others need to hear.</summary>
    Known,

    /// <summary>A later process with this node's own identity.</summary>
    Usurped,

    /// <summary>It does not verify.</summary>
    Refused,
}
