namespace SigmaComms.Cryptography.KeyFormats;

/// <summary>In which form a private key of ML-KEM or ML-DSA is written.</summary>
/// <standard>RFC 9935, section 6; RFC 9881, section 6.</standard>
public enum PrivateKeyForm
{
    /// <summary>The seed only; the best choice, and the only one for other algorithms.</summary>
    Seed,

    /// <summary>The standard's long key only, for readers that know no seeds.</summary>
    Expanded,

    /// <summary>Both.</summary>
    Both,
}
