namespace SigmaComms.Vault.Scatter;

/// <summary>What came of reading stripes.</summary>
public enum GatherStatus
{
    /// <summary>All plaintext is there.</summary>
    Read,

    /// <summary>Fewer than k right fragments could be had.</summary>
    NeedsFragments,

    /// <summary>The fragments do not belong to one codeword: whoever wrote the stripe made it so.</summary>
    Inconsistent,

    /// <summary>Keys, vault or entry are others than the stripe was sealed with.</summary>
    Refused,
}
