namespace SigmaComms.Client.Vaults.Ordering;

/// <summary>What came of asking several validators for a vault's stream.</summary>
public enum QuorumVerdict
{
    /// <summary>They show one stream, and none less than was seen before.</summary>
    Agreed = 1,

    /// <summary>They all say that there is no such vault.</summary>
    VaultUnknown = 2,

    /// <summary>Too few of them answered to know.</summary>
    TooFew = 3,

    /// <summary>
    /// They show what cannot all be true: a fork, or less than was there before. At least one of them lies.
    /// </summary>
    Contradicted = 4,
}
