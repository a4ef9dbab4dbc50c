using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Shake256 = SigmaComms.Cryptography.Hashing.Shake256;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>Verifies a signature over the representative of a message. Everything here is public.</summary>
/// <standard>FIPS 204, section 6.3, algorithm 8; section 7.2, algorithm 27.</standard>
internal static class MlDsaVerifier
{
    private const int Degree = MlDsaRing.Degree;

    /// <summary>Whether the signature is good.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="rows">For each row the matrix's polynomials and then that of -t1.</param>
    /// <param name="representative">mu, 64 bytes.</param>
    /// <param name="signature">Untrusted bytes of the right number.</param>
    [SkipLocalsInit]
    public static bool Verify(
        MlDsaParameters set,
        ReadOnlySpan<uint> rows,
        ReadOnlySpan<byte> representative,
        ReadOnlySpan<byte> signature)
    {
        Span<uint> response = stackalloc uint[set.Columns * Degree];
        Span<uint> hints = stackalloc uint[set.Rows * Degree];
        Span<uint> challenge = stackalloc uint[Degree];
        Span<byte> again = stackalloc byte[set.ChallengeSize];
        ReadOnlySpan<byte> challengeHash = signature[..set.ChallengeSize];
        ReadOnlySpan<byte> rest = signature[set.ChallengeSize..];
        for (int i = 0; i < set.Columns; i++)
        {
            Span<uint> polynomial = response.Slice(i * Degree, Degree);
            MlDsaEncoding.UnpackMask(set, rest[..set.MaskRowSize], polynomial);
            rest = rest[set.MaskRowSize..];
            if (!MlDsaRing.IsWithin(polynomial, set.MaskBound - set.Reach))
            {
                return false;
            }

            MlDsaRing.Transform(polynomial);
        }

        if (!MlDsaEncoding.TryUnpackHints(set, rest, hints))
        {
            return false;
        }

        MlDsaSampling.SampleChallenge(set, challengeHash, challenge);
        MlDsaSampling.ShiftChallenge(challenge);
        MlDsaRing.Transform(challenge);
        HashCommitment(set, rows, representative, response, challenge, hints, again);
        return CryptographicOperations.FixedTimeEquals(again, challengeHash);
    }

    // c~ again, from w1 = UseHint(h, A z - c t1 2^d).
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void HashCommitment(
        MlDsaParameters set,
        ReadOnlySpan<uint> rows,
        ReadOnlySpan<byte> representative,
        ReadOnlySpan<uint> response,
        ReadOnlySpan<uint> challenge,
        ReadOnlySpan<uint> hints,
        Span<byte> hash)
    {
        Span<uint> sum = stackalloc uint[Degree];
        Span<uint> product = stackalloc uint[Degree];
        Span<byte> packed = stackalloc byte[set.CommitmentSize];
        int packedRowSize = set.CommitmentSize / set.Rows;
        int rowSize = (set.Columns + 1) * Degree;
        for (int row = 0; row < set.Rows; row++)
        {
            ReadOnlySpan<uint> factors = rows.Slice(row * rowSize, rowSize);
            MlDsaRing.MultiplyRow(factors[..^Degree], response, sum);
            MlDsaRing.MultiplyRow(factors[^Degree..], challenge, product);
            MlDsaRing.Add(product, sum);
            MlDsaRing.TransformBack(sum);
            for (int i = 0; i < Degree; i++)
            {
                sum[i] = set.Rounding.UseHint(hints[(row * Degree) + i], sum[i]);
            }

            BitPacking.Pack(sum, set.Rounding.Bits, packed.Slice(row * packedRowSize, packedRowSize));
        }

        Shake256.HashData(representative, packed, hash);
    }
}
