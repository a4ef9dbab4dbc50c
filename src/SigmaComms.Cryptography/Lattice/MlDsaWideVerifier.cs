using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Shake256 = SigmaComms.Cryptography.Hashing.Shake256;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>Verifies as <see cref="MlDsaVerifier"/> does, many coefficients at a time; all is public.</summary>
/// <typeparam name="TVector">The vector.</typeparam>
/// <typeparam name="TLanes">Its operations.</typeparam>
/// <typeparam name="TParts">The width of rounding.</typeparam>
/// <standard>FIPS 204, section 6.3, algorithm 8.</standard>
internal static unsafe class MlDsaWideVerifier<TVector, TLanes, TParts>
    where TVector : struct
    where TLanes : struct, IUnsignedLanes<TVector>
    where TParts : struct, IMlDsaParts
{
    private const int Degree = MlDsaRing.Degree;

    // What packing may overwrite beyond its end.
    private const int WriteBeyond = 16;

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
        Size.Require(signature, set.SignatureSize);
        Span<uint> hints = stackalloc uint[set.Rows * Degree];
        int packedSize = set.CommitmentSize;
        byte* packed = stackalloc byte[packedSize + WriteBeyond];
        uint* room = stackalloc uint[((set.Columns + 2) * Degree) + MlDsaAlignment.Slack];
        uint* vector = MlDsaAlignment.Up(room);
        Span<byte> again = stackalloc byte[set.ChallengeSize];
        ReadOnlySpan<byte> hash = signature[..set.ChallengeSize];
        int hintsAt = set.ChallengeSize + (set.Columns * set.MaskRowSize);
        if (!MlDsaEncoding.TryUnpackHints(set, signature[hintsAt..], hints)
            || !TryReadResponse(set, signature[set.ChallengeSize..], vector))
        {
            return false;
        }

        Span<uint> challenge = new(vector + (set.Columns * Degree), Degree);
        MlDsaSampling.SampleChallenge(set, hash, challenge);
        MlDsaSampling.ShiftChallenge(challenge);
        MlDsaWideRing<TVector, TLanes>.Transform(vector + (set.Columns * Degree));
        fixed (uint* allRows = rows[..(set.Rows * (set.Columns + 1) * Degree)], allHints = hints)
        {
            Commit(set, allRows, vector, allHints, packed);
        }

        Shake256.HashData(representative, new ReadOnlySpan<byte>(packed, packedSize), again);
        return CryptographicOperations.FixedTimeEquals(again, hash);
    }

    // z, transformed; the hint that follows it has more bytes than may be read beyond the last polynomial.
    private static bool TryReadResponse(MlDsaParameters set, ReadOnlySpan<byte> bytes, uint* response)
    {
        uint offset = set.MaskBound;
        fixed (byte* from = bytes[..((set.Columns * set.MaskRowSize) + set.HintsMax)])
        {
            for (int i = 0; i < set.Columns; i++)
            {
                uint* polynomial = response + (i * Degree);
                MlDsaWidePacking<TVector, TLanes>.TryUnpackSigned(
                    from + (i * set.MaskRowSize), set.MaskBits, offset, 2 * offset, polynomial);
                if (!MlDsaWideRounding<TVector, TLanes, TParts>.IsWithin(polynomial, offset - set.Reach))
                {
                    return false;
                }

                MlDsaWideRing<TVector, TLanes>.Transform(polynomial);
            }
        }

        return true;
    }

    // w1 = UseHint(h, A z - c t1 2^d), packed.
    private static void Commit(MlDsaParameters set, uint* rows, uint* vector, uint* hints, byte* packed)
    {
        int count = set.Columns + 1;
        uint* sum = vector + (count * Degree);
        for (int row = 0; row < set.Rows; row++)
        {
            MlDsaWideRing<TVector, TLanes>.MultiplyRow(rows + (row * count * Degree), vector, count, sum);
            MlDsaWideRing<TVector, TLanes>.TransformBack(sum);
            MlDsaWideRounding<TVector, TLanes, TParts>.PackHinted(sum, hints + (row * Degree), packed);
            packed += set.CommitmentSize / set.Rows;
        }
    }
}
