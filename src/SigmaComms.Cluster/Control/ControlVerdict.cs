namespace SigmaComms.Cluster.Control;

/// <summary>What became of a command that was handed to a node.</summary>
public enum ControlVerdict : byte
{
    /// <summary>Not a value.</summary>
    None = 0,

    /// <summary>A block that is final has it; the outcome says what it did.</summary>
    Final = 1,

    /// <summary>It is not within the limits of a command; not executed.</summary>
    Malformed = 2,

    /// <summary>The group is not signed by its signer for this cluster; not executed.</summary>
    BadSignature = 3,

    /// <summary>As many commands wait as may; not executed. Try again later.</summary>
    Busy = 4,

    /// <summary>The log does not run on this node at the moment; not executed by this call. Ask another node.</summary>
    Unavailable = 5,

    /// <summary>
    /// It was not final in time. It may still be executed: who must know asks again with the same session and number.
    /// </summary>
    TimedOut = 6,

    /// <summary>
    /// The signer is no member, and no member vouches for its key in the final state; not executed. Nothing is ordered
    /// for strangers.
    /// </summary>
    Stranger = 7,
}
