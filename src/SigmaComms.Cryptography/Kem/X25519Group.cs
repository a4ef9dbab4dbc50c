namespace SigmaComms.Cryptography.Kem;

/// <summary>Curve25519 as X-Wing uses it: every 32 bytes are an element, low order is not refused.</summary>
/// <remarks>
/// A low-order element gives a secret of zeros, and the ML-KEM half alone protects, as the draft accepts: the element
/// is hashed into the result, so that the peer gains nothing from choosing it.
/// </remarks>
/// <standard>draft-connolly-cfrg-xwing-kem-10, section 5; RFC 7748, section 5.</standard>
internal sealed class X25519Group : IHybridGroup
{
    private X25519Group()
    {
    }

    public static X25519Group Instance { get; } = new();

    public int ScalarSize => X25519.KeySize;

    public int SeedSize => X25519.KeySize;

    public int ElementSize => X25519.KeySize;

    public int SecretSize => X25519.KeySize;

    public bool TryMakeScalar(ReadOnlySpan<byte> seed, Span<byte> scalar)
    {
        seed.CopyTo(scalar);
        return true;
    }

    public bool IsScalar(ReadOnlySpan<byte> scalar) => scalar.Length == X25519.KeySize;

    public void MultiplyBase(ReadOnlySpan<byte> scalar, Span<byte> element) => X25519.DerivePublicKey(scalar, element);

    public bool IsElement(ReadOnlySpan<byte> element) => element.Length == X25519.KeySize;

    public bool TryMultiply(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> element, Span<byte> secret)
    {
        _ = X25519.TryAgree(scalar, element, secret);
        return true;
    }
}
