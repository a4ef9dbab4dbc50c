namespace SigmaComms.Vault.Erasure;

/// <summary>A coefficient as the products of the low and of the high nibble.</summary>
/// <typeparam name="TVector">16 products, repeated as often as the vector is wide.</typeparam>
/// <param name="Low">Products with 0 to 15.</param>
/// <param name="High">Products with 0, 16, 32 to 240.</param>
internal readonly record struct NibbleFactor<TVector>(TVector Low, TVector High)
    where TVector : struct;
