namespace SigmaComms.Consensus.Membership;

/// <summary>Why a node does not belong to the cluster any more.</summary>
public enum EvictionReason : byte
{
    /// <summary>It belongs.</summary>
    None = 0,

    /// <summary>It left.</summary>
    Left = 1,

    /// <summary>Those who govern evicted it; they may admit it again under a new incarnation.</summary>
    Governed = 2,

    /// <summary>Evidence proves that its key signed what no honest node signs; this key never comes back.</summary>
    Convicted = 3,
}
