namespace SigmaComms.Cryptography.Lattice;

/// <summary>The heavy steps of ML-DSA: the clear ones, or the same with vectors of some size.</summary>
/// <remarks>All implementations give the same bytes, and give away the same.</remarks>
/// <standard>FIPS 204, sections 6 and 7.</standard>
internal interface IMlDsaArithmetic
{
    /// <summary>The public matrix, transformed. Algorithm 32.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="seed">rho.</param>
    /// <param name="matrix">Receives the polynomials; 16 values after a row's last may be overwritten.</param>
    /// <param name="rowPolynomials">From one row to the next, at least the columns.</param>
    void ExpandMatrix(MlDsaParameters set, ReadOnlySpan<byte> seed, Span<uint> matrix, int rowPolynomials);

    /// <summary>The secret vectors s1 and s2, canonical. Algorithm 33.</summary>
    void ExpandSecret(MlDsaParameters set, ReadOnlySpan<byte> seed, Span<uint> secret);

    /// <summary>Transforms each polynomial; canonical in and out.</summary>
    void Transform(Span<uint> polynomials);

    /// <summary>Row times vector, both transformed and canonical; the product is transformed back.</summary>
    void Multiply(ReadOnlySpan<uint> row, ReadOnlySpan<uint> vector, Span<uint> product);

    /// <summary>Reads polynomials of which offset minus each coefficient was written.</summary>
    /// <returns>False if a value is above the limit; only that is given away.</returns>
    bool TryUnpackSigned(ReadOnlySpan<byte> bytes, int bits, uint offset, uint limit, Span<uint> polynomials);

    /// <summary>Signs. Algorithm 7 from line 7.</summary>
    void Sign(
        MlDsaPrivateKey key, ReadOnlySpan<byte> representative, ReadOnlySpan<byte> randomness, Span<byte> signature);

    /// <summary>Whether the signature is good. Algorithm 8 from line 8.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="rows">For each row the matrix's polynomials and then that of -t1, see MlDsaPublicKey.</param>
    /// <param name="representative">mu.</param>
    /// <param name="signature">Untrusted bytes of the right number.</param>
    bool Verify(
        MlDsaParameters set,
        ReadOnlySpan<uint> rows,
        ReadOnlySpan<byte> representative,
        ReadOnlySpan<byte> signature);
}
