using SigmaComms.Vault.Sealing;

namespace SigmaComms.Vault.Namespace;

/// <summary>A range of a file and the stripe that has its bytes.</summary>
/// <param name="Offset">The first byte in the file.</param>
/// <param name="Length">How many bytes.</param>
/// <param name="StripeOffset">The first byte in the stripe.</param>
/// <param name="Stripe">What it takes to read the stripe.</param>
/// <param name="Epoch">The epoch of the vault key that locks it.</param>
public readonly record struct FileExtent(
    long Offset, int Length, int StripeOffset, StripeEntry Stripe, int Epoch);
