using SigmaComms.Vault.Sealing;

namespace SigmaComms.Vault.Scatter;

/// <summary>A stripe and the keys of its epoch: what it takes to read it.</summary>
/// <param name="Entry">The stripe's entry.</param>
/// <param name="Keys">The keys it was locked with.</param>
public readonly record struct LockedStripe(StripeEntry Entry, StripeKeys Keys);
