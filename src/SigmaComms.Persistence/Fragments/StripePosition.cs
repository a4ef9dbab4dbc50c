using SigmaComms.Cryptography;

namespace SigmaComms.Persistence.Fragments;

/// <summary>Where a listing of a vault's fragments stands: after a fragment of a stripe.</summary>
/// <param name="Stripe">The stripe's id, 16 bytes.</param>
/// <param name="Id">The fragment's id.</param>
public readonly record struct StripePosition(ReadOnlyMemory<byte> Stripe, Digest Id);
