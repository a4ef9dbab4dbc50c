namespace SigmaComms.Consensus.Membership;

/// <summary>Where a node stands in its life in the cluster.</summary>
public enum MemberState : byte
{
    /// <summary>Not a value.</summary>
    None = 0,

    /// <summary>Admitted; learns the log and has not said yet that it is ready.</summary>
    Joining = 1,

    /// <summary>Takes part.</summary>
    Up = 2,

    /// <summary>Wants to leave; votes until the hand-over rule lets it go.</summary>
    Draining = 3,

    /// <summary>Does not belong to the cluster any more.</summary>
    Evicted = 4,
}
