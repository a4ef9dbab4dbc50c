using SigmaComms.Vault.Scatter;

namespace SigmaComms.Client.Vaults.Files;

/// <summary>A part of a stripe and where it belongs.</summary>
/// <param name="At">Its first byte, counted from the range's first.</param>
/// <param name="StripeOffset">Its first byte in the stripe.</param>
/// <param name="Length">How many bytes.</param>
/// <param name="Stripe">The stripe.</param>
internal readonly record struct ReadPiece(long At, int StripeOffset, int Length, LockedStripe Stripe);
