namespace SigmaComms.Vault.Sealing;

/// <summary>What came of opening a stripe.</summary>
public enum StripeOpening
{
    /// <summary>The plaintext is there.</summary>
    Opened,

    /// <summary>Fewer than k fragments were accepted; without the others there is no key.</summary>
    NeedsFragments,

    /// <summary>The fragments do not belong to one codeword: whoever wrote the stripe made it so.</summary>
    Inconsistent,

    /// <summary>The content key, the vault or the entry is another than the stripe was sealed with.</summary>
    Refused,
}
