using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>As many coefficients at a time as the vector has lanes, and eight sponges at a time.</summary>
/// <typeparam name="TVector">The vector.</typeparam>
/// <typeparam name="TLanes">Its operations.</typeparam>
/// <standard>FIPS 204, sections 6 and 7.</standard>
internal sealed unsafe class MlDsaWideArithmetic<TVector, TLanes> : IMlDsaArithmetic
    where TVector : struct
    where TLanes : struct, IUnsignedLanes<TVector>
{
    private const int Degree = MlDsaRing.Degree;

    // What reading packed polynomials may touch beyond them.
    private const int ReadBeyond = 16;

    /// <inheritdoc/>
    public void ExpandMatrix(
        MlDsaParameters set, ReadOnlySpan<byte> seed, Span<uint> matrix, int rowPolynomials)
    {
        int last = ((set.Rows - 1) * rowPolynomials) + set.Columns;
        Invariant.Holds(matrix.Length >= (last * Degree) + MlDsaAlignment.Slack);
        fixed (uint* first = matrix)
        {
            MlDsaWideSampling<TVector, TLanes>.ExpandMatrix(set, seed, first, rowPolynomials);
        }
    }

    /// <inheritdoc/>
    public void ExpandSecret(MlDsaParameters set, ReadOnlySpan<byte> seed, Span<uint> secret)
    {
        fixed (uint* first = secret[..((set.Columns + set.Rows) * Degree)])
        {
            MlDsaWideSampling<TVector, TLanes>.ExpandSecret(set, seed, first);
        }
    }

    /// <inheritdoc/>
    public void Transform(Span<uint> polynomials)
    {
        fixed (uint* first = polynomials)
        {
            for (int at = 0; at + Degree <= polynomials.Length; at += Degree)
            {
                MlDsaWideRing<TVector, TLanes>.Transform(first + at);
                MlDsaWideRing<TVector, TLanes>.ReduceAll(first + at);
            }
        }
    }

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<uint> row, ReadOnlySpan<uint> vector, Span<uint> product)
    {
        int count = vector.Length / Degree;
        fixed (uint* a = row[..vector.Length], b = vector, c = product[..Degree])
        {
            MlDsaWideRing<TVector, TLanes>.MultiplyRow(a, b, count, c);
            MlDsaWideRing<TVector, TLanes>.TransformBack(c);
        }
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public bool TryUnpackSigned(
        ReadOnlySpan<byte> bytes, int bits, uint offset, uint limit, Span<uint> polynomials)
    {
        int size = Degree / 8 * bits;
        int count = polynomials.Length / Degree;
        Size.Require(bytes, size * count);
        Span<byte> last = stackalloc byte[size + ReadBeyond];
        try
        {
            bytes[^size..].CopyTo(last);
            bool inRange = true;
            fixed (byte* from = bytes, fromLast = last)
            fixed (uint* to = polynomials)
            {
                for (int i = 0; i < count; i++)
                {
                    // The narrowest has 96 bytes, so that only the last could be read beyond the end.
                    byte* source = i == count - 1 ? fromLast : from + (i * size);
                    inRange &= MlDsaWidePacking<TVector, TLanes>.TryUnpackSigned(
                        source, bits, offset, limit, to + (i * Degree));
                }
            }

            return inRange;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(last);
        }
    }

    /// <inheritdoc/>
    public void Sign(
        MlDsaPrivateKey key,
        ReadOnlySpan<byte> representative,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature)
    {
        if (key.Set.Rounding.Parts == MlDsaParts16.Parts)
        {
            MlDsaWideSigner<TVector, TLanes, MlDsaParts16>.Sign(key, representative, randomness, signature);
        }
        else
        {
            MlDsaWideSigner<TVector, TLanes, MlDsaParts44>.Sign(key, representative, randomness, signature);
        }
    }

    /// <inheritdoc/>
    public bool Verify(
        MlDsaParameters set,
        ReadOnlySpan<uint> rows,
        ReadOnlySpan<byte> representative,
        ReadOnlySpan<byte> signature) =>
        set.Rounding.Parts == MlDsaParts16.Parts
            ? MlDsaWideVerifier<TVector, TLanes, MlDsaParts16>.Verify(set, rows, representative, signature)
            : MlDsaWideVerifier<TVector, TLanes, MlDsaParts44>.Verify(set, rows, representative, signature);
}
