namespace SigmaComms.Cluster.Control;

/// <summary>How the durable state of a control log was found.</summary>
internal enum ControlStoreState
{
    /// <summary>Log and guard are whole; this replica may vote.</summary>
    Voting,

    /// <summary>
    /// The log is whole, but the guard lost its memory or renounced: take part, and do not vote before the next epoch
    /// with a new incarnation.
    /// </summary>
    NotVoting,

    /// <summary>The log is damaged; nothing was changed. Start over.</summary>
    Damaged,

    /// <summary>There is no log. Where there ever was one, start over.</summary>
    Missing,
}
