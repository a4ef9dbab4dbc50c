namespace SigmaComms.Cluster.Control.Verification;

/// <summary>Why a peer's frame did not reach the core. Names of figures; see the metrics.</summary>
internal enum RefusedFrame
{
    /// <summary>Its bytes are no message in its one form.</summary>
    Malformed,

    /// <summary>A signature in it is not good, or its voter is none.</summary>
    Unsigned,

    /// <summary>As much of this peer, or of all, waits as may.</summary>
    Overflow,

    /// <summary>It names an epoch whose validators are not known here.</summary>
    ForeignEpoch,

    /// <summary>The log does not run on this node at the moment.</summary>
    Halted,
}
