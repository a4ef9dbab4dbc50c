namespace SigmaComms.Consensus.Replicas;

/// <summary>The timers of a replica; at most one of each runs.</summary>
public enum TimerKind : byte
{
    /// <summary>No proposal for 2 D, or no end of the view for 3 D.</summary>
    View = 1,

    /// <summary>A leader waits for more commands, or before it proposes an empty block for a tail.</summary>
    Propose = 2,

    /// <summary>What is missing although others have it is asked for.</summary>
    Pull = 3,

    /// <summary>Own votes and the frontier are sent again.</summary>
    Retry = 4,

    /// <summary>A finalize waited long enough for the next proposal, to share a signature with its notarize.</summary>
    Bundle = 5,
}
