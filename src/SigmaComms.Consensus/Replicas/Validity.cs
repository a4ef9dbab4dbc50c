namespace SigmaComms.Consensus.Replicas;

/// <summary>What is known of a block.</summary>
internal enum Validity
{
    /// <summary>Its parent was not judged yet.</summary>
    Unknown,

    /// <summary>It follows from its parent and was executed.</summary>
    Valid,

    /// <summary>It contradicts its parent; every honest replica finds so.</summary>
    Invalid,
}
