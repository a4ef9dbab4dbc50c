using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Shake256 = SigmaComms.Cryptography.Hashing.Shake256;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>Signs as <see cref="MlDsaSigner"/> does, many coefficients at a time.</summary>
/// <remarks>
/// The same candidates, the same checks in the same order, and so the same things that show: how many candidates were
/// rejected and at which polynomial, the hash of the challenge, and the hint.
/// </remarks>
/// <typeparam name="TVector">The vector.</typeparam>
/// <typeparam name="TLanes">Its operations.</typeparam>
/// <typeparam name="TParts">The width of rounding.</typeparam>
/// <standard>FIPS 204, section 6.2, algorithm 7.</standard>
internal static unsafe class MlDsaWideSigner<TVector, TLanes, TParts>
    where TVector : struct
    where TLanes : struct, IUnsignedLanes<TVector>
    where TParts : struct, IMlDsaParts
{
    private const int Degree = MlDsaRing.Degree;

    /// <summary>Signs.</summary>
    /// <param name="key">The private key.</param>
    /// <param name="representative">mu, 64 bytes.</param>
    /// <param name="randomness">rnd, 32 bytes; all zero for deterministic signatures.</param>
    /// <param name="signature">Receives the signature.</param>
    [SkipLocalsInit]
    public static void Sign(
        MlDsaPrivateKey key, ReadOnlySpan<byte> representative, ReadOnlySpan<byte> randomness, Span<byte> signature)
    {
        MlDsaParameters set = key.Set;
        Size.Require(signature, set.SignatureSize);
        int size = MlDsaSigningRoom.Size(set);
        byte* room = stackalloc byte[size];
        Span<byte> seedInput = stackalloc byte[(2 * MlDsaParameters.SeedSize) + MlDsaParameters.HashSize];
        try
        {
            MlDsaSigningRoom parts = new(set, room);
            key.MaskKey.CopyTo(seedInput);
            randomness.CopyTo(seedInput[MlDsaParameters.SeedSize..]);
            representative.CopyTo(seedInput[(2 * MlDsaParameters.SeedSize)..]);
            Shake256.HashData(seedInput, new Span<byte>(parts.MaskSeed, MlDsaParameters.HashSize));
            fixed (uint* matrix = key.Matrix, secrets = key.Secrets)
            {
                int counter = 0;
                do
                {
                    // The counter has 16 bits; not one signature in 2^1000 needs that many candidates.
                    Invariant.Holds(counter + (2 * MlDsaSponges.Lanes) <= ushort.MaxValue);
                    TakeMask(set, parts, counter);
                    counter += set.Columns;
                }
                while (!TryCandidate(set, matrix, secrets, representative, parts, signature));
            }

            Write(set, parts, signature);
        }
        finally
        {
            GC.KeepAlive(key);
            CryptographicOperations.ZeroMemory(new Span<byte>(room, size));
            CryptographicOperations.ZeroMemory(seedInput);
        }
    }

    // The next polynomials of the mask, eight made at once; what one candidate leaves over is the next one's.
    private static void TakeMask(MlDsaParameters set, in MlDsaSigningRoom room, int counter)
    {
        for (int i = 0; i < set.Columns; i++)
        {
            int number = counter + i;
            int lane = number % MlDsaSponges.Lanes;
            if (lane == 0)
            {
                ReadOnlySpan<byte> seed = new(room.MaskSeed, MlDsaParameters.HashSize);
                MlDsaSponges.StartNumbered(room.State, seed, number);
                MlDsaSponges.Squeeze(
                    room.State,
                    Hashing.KeccakSponge.Shake256Rate,
                    MlDsaSigningRoom.MaskBlocks,
                    room.MaskBytes,
                    MlDsaSponges.MaskStride);
            }

            MlDsaWidePacking<TVector, TLanes>.TryUnpackSigned(
                room.MaskBytes + (lane * MlDsaSponges.MaskStride),
                set.MaskBits,
                set.MaskBound,
                2 * set.MaskBound,
                room.Mask + (i * Degree));
        }
    }

    // One turn of the loop of algorithm 7. The checks run in the order that throws a bad candidate away soonest.
    private static bool TryCandidate(
        MlDsaParameters set,
        uint* matrix,
        uint* secrets,
        ReadOnlySpan<byte> representative,
        in MlDsaSigningRoom room,
        Span<byte> signature)
    {
        Span<byte> challengeHash = signature[..set.ChallengeSize];
        Commit(set, matrix, room);
        Shake256.HashData(representative, new ReadOnlySpan<byte>(room.Packed, set.CommitmentSize), challengeHash);
        MlDsaSampling.SampleChallenge(set, challengeHash, new Span<uint>(room.Challenge, Degree));
        MlDsaWideRing<TVector, TLanes>.Transform(room.Challenge);
        uint* secret2 = secrets + (set.Columns * Degree);
        for (int row = 0; row < set.Rows; row++)
        {
            Multiply(secret2 + (row * Degree), room);
            if (!MlDsaWideRounding<TVector, TLanes, TParts>.SubtractAndCheckLow(
                room.Product, room.Commitment + (row * Degree), TParts.HalfWidth - set.Reach))
            {
                return false;
            }
        }

        for (int column = 0; column < set.Columns; column++)
        {
            Multiply(secrets + (column * Degree), room);
            if (!MlDsaWideRounding<TVector, TLanes, TParts>.AddAndCheck(
                room.Product, room.Mask + (column * Degree), set.MaskBound - set.Reach))
            {
                return false;
            }
        }

        return TryHint(set, secret2 + (set.Rows * Degree), room);
    }

    // w = A y and its high bits.
    private static void Commit(MlDsaParameters set, uint* matrix, in MlDsaSigningRoom room)
    {
        int count = set.Columns;
        new ReadOnlySpan<uint>(room.Mask, count * Degree).CopyTo(new Span<uint>(room.Transformed, count * Degree));
        for (int i = 0; i < count; i++)
        {
            MlDsaWideRing<TVector, TLanes>.Transform(room.Transformed + (i * Degree));
        }

        int rowSize = count * Degree;
        byte* packed = room.Packed;
        for (int row = 0; row < set.Rows; row++)
        {
            uint* sum = room.Commitment + (row * Degree);
            MlDsaWideRing<TVector, TLanes>.MultiplyRow(matrix + (row * rowSize), room.Transformed, count, sum);
            MlDsaWideRing<TVector, TLanes>.TransformBack(sum);
            MlDsaWideRounding<TVector, TLanes, TParts>.PackHigh(sum, room.Product, packed);
            packed += set.CommitmentSize / set.Rows;
        }
    }

    // The hint that lets the verifier do without t0, if there are few ones.
    private static bool TryHint(MlDsaParameters set, uint* lowPart, in MlDsaSigningRoom room)
    {
        int ones = 0;
        for (int row = 0; row < set.Rows; row++)
        {
            Multiply(lowPart + (row * Degree), room);
            if (!MlDsaWideRounding<TVector, TLanes, TParts>.IsWithin(room.Product, TParts.HalfWidth))
            {
                return false;
            }

            ones += MlDsaWideRounding<TVector, TLanes, TParts>.Hint(
                room.Product, room.Commitment + (row * Degree), room.Hints + (row * MlDsaSigningRoom.HintWords));
        }

        return ones <= set.HintsMax;
    }

    private static void Multiply(uint* secret, in MlDsaSigningRoom room)
    {
        MlDsaWideRing<TVector, TLanes>.MultiplyRow(secret, room.Challenge, 1, room.Product);
        MlDsaWideRing<TVector, TLanes>.TransformBack(room.Product);
    }

    // The accepted candidate, which is public from here on; the hash of its challenge is written already.
    private static void Write(MlDsaParameters set, in MlDsaSigningRoom room, Span<byte> signature)
    {
        fixed (byte* first = signature)
        {
            byte* at = first + set.ChallengeSize;
            for (int i = 0; i < set.Columns; i++)
            {
                MlDsaWidePacking<TVector, TLanes>.PackResponse(room.Mask + (i * Degree), set.MaskBits, at);
                at += set.MaskRowSize;
            }
        }

        Span<byte> hints = signature[^(set.HintsMax + set.Rows)..];
        hints.Clear();
        int written = 0;
        for (int row = 0; row < set.Rows; row++)
        {
            for (int word = 0; word < MlDsaSigningRoom.HintWords; word++)
            {
                ulong bits = room.Hints[(row * MlDsaSigningRoom.HintWords) + word];
                for (; bits != 0; bits &= bits - 1)
                {
                    hints[written++] = (byte)((64 * word) + BitOperations.TrailingZeroCount(bits));
                }
            }

            hints[set.HintsMax + row] = (byte)written;
        }
    }
}
