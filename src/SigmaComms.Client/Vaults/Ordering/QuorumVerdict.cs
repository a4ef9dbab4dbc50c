namespace SigmaComms.Client.Vaults.Ordering;

/// <summary>What came of asking several validators for a vault's stream.</summary>
public enum QuorumVerdict
{
    /// <summary>They certify one stream, and it goes on from what was seen before.</summary>
    Agreed = 1,

    /// <summary>They certify that there is no such vault.</summary>
    VaultUnknown = 2,

    /// <summary>Too few of them answered to know.</summary>
    TooFew = 3,

    /// <summary>
    /// What they certify does not go on from what this client has seen: a fork, or less than was there before. A node
    /// showed this client what never was, or more than a third of the validators lie.
    /// </summary>
    Contradicted = 4,
}
