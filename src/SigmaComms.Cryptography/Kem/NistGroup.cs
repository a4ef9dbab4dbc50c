using System.Security.Cryptography;

namespace SigmaComms.Cryptography.Kem;

/// <summary>A prime curve of NIST as the concrete hybrid mechanisms use it.</summary>
/// <standard>draft-irtf-cfrg-concrete-hybrid-kems, section on P-256 and P-384.</standard>
internal sealed class NistGroup : IHybridGroup
{
    private readonly NistCurve _curve;

    private NistGroup(NistCurve curve, int seedSize)
    {
        _curve = curve;
        SeedSize = seedSize;
    }

    // Four tries make P-256 fail with a chance of 2^-128; one try makes P-384 fail with a chance of 2^-192.
    public static NistGroup P256 { get; } = new(NistCurve.P256, 4 * NistCurve.P256.ScalarSize);

    public static NistGroup P384 { get; } = new(NistCurve.P384, NistCurve.P384.ScalarSize);

    public static NistGroup P521 { get; } = new(NistCurve.P521, NistCurve.P521.ScalarSize);

    public int ScalarSize => _curve.ScalarSize;

    public int SeedSize { get; }

    public int ElementSize => _curve.PublicKeySize;

    public int SecretSize => _curve.ScalarSize;

    public bool TryMakeScalar(ReadOnlySpan<byte> seed, Span<byte> scalar)
    {
        for (; !seed.IsEmpty; seed = seed[ScalarSize..])
        {
            if (_curve.IsScalar(seed[..ScalarSize]))
            {
                seed[..ScalarSize].CopyTo(scalar);
                return true;
            }
        }

        CryptographicOperations.ZeroMemory(scalar);
        return false;
    }

    public bool IsScalar(ReadOnlySpan<byte> scalar) => _curve.IsScalar(scalar);

    public void MultiplyBase(ReadOnlySpan<byte> scalar, Span<byte> element) => _curve.DerivePublicKey(scalar, element);

    public bool IsElement(ReadOnlySpan<byte> element) => _curve.IsPoint(element);

    public bool TryMultiply(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> element, Span<byte> secret) =>
        _curve.TryAgree(scalar, element, secret);
}
