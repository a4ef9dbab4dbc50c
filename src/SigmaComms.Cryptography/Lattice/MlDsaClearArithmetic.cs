namespace SigmaComms.Cryptography.Lattice;

/// <summary>One coefficient after the other, in the plainest way: what the wide ones are tested against.</summary>
/// <standard>FIPS 204, sections 6 and 7.</standard>
internal sealed class MlDsaClearArithmetic : IMlDsaArithmetic
{
    private const int Degree = MlDsaRing.Degree;

    /// <inheritdoc/>
    public void ExpandMatrix(
        MlDsaParameters set, ReadOnlySpan<byte> seed, Span<uint> matrix, int rowPolynomials) =>
        MlDsaSampling.ExpandMatrix(set, seed, matrix, rowPolynomials);

    /// <inheritdoc/>
    public void ExpandSecret(MlDsaParameters set, ReadOnlySpan<byte> seed, Span<uint> secret) =>
        MlDsaSampling.ExpandSecret(set, seed, secret);

    /// <inheritdoc/>
    public void Transform(Span<uint> polynomials)
    {
        for (int at = 0; at < polynomials.Length; at += Degree)
        {
            MlDsaRing.Transform(polynomials.Slice(at, Degree));
        }

        MlDsaRing.ReduceAll(polynomials);
    }

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<uint> row, ReadOnlySpan<uint> vector, Span<uint> product)
    {
        MlDsaRing.MultiplyRow(row, vector, product);
        MlDsaRing.TransformBack(product);
    }

    /// <inheritdoc/>
    public bool TryUnpackSigned(
        ReadOnlySpan<byte> bytes, int bits, uint offset, uint limit, Span<uint> polynomials) =>
        MlDsaEncoding.TryUnpackSigned(offset, limit, bits, bytes, polynomials);

    /// <inheritdoc/>
    public void Sign(
        MlDsaPrivateKey key,
        ReadOnlySpan<byte> representative,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature) =>
        MlDsaSigner.Sign(key, representative, randomness, signature);

    /// <inheritdoc/>
    public bool Verify(
        MlDsaParameters set,
        ReadOnlySpan<uint> rows,
        ReadOnlySpan<byte> representative,
        ReadOnlySpan<byte> signature) =>
        MlDsaVerifier.Verify(set, rows, representative, signature);
}
