using SigmaComms.Vault.Sealing;

namespace SigmaComms.Vault.Namespace;

/// <summary>A stripe that extents refer to.</summary>
internal sealed class StripeRecord(StripeEntry entry, int epoch)
{
    /// <summary>What it takes to read it.</summary>
    public StripeEntry Entry { get; } = entry;

    /// <summary>The epoch of the vault key that locks it.</summary>
    public int Epoch { get; } = epoch;

    /// <summary>How many extents refer to it.</summary>
    public int References { get; set; }
}
