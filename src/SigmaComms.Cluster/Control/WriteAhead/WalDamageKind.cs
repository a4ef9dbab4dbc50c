namespace SigmaComms.Cluster.Control.WriteAhead;

/// <summary>What is wrong with a log.</summary>
internal enum WalDamageKind
{
    /// <summary>A group that was synced cannot be read.</summary>
    Group,

    /// <summary>A segment file is not there although later ones are.</summary>
    SegmentMissing,

    /// <summary>Both headers of a segment are unreadable, or belong to another place or log.</summary>
    SegmentHead,

    /// <summary>A segment file is shorter than it was made.</summary>
    SegmentCut,

    /// <summary>The log is well formed, but not the one that was vouched for.</summary>
    OtherChain,
}
