using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Shake256 = SigmaComms.Cryptography.Hashing.Shake256;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>Signs the representative of a message.</summary>
/// <remarks>
/// What depends on secrets and shows in time: how many candidates were rejected and at which polynomial (each rejected
/// candidate is thrown away, and is independent of the next), the hash of the challenge, and the hint, which the
/// signature contains. Nothing else does.
/// </remarks>
/// <standard>FIPS 204, section 6.2, algorithm 7.</standard>
internal static class MlDsaSigner
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
        Span<byte> maskSeed = stackalloc byte[MlDsaParameters.HashSize];
        Span<byte> seedInput = stackalloc byte[(2 * MlDsaParameters.SeedSize) + MlDsaParameters.HashSize];
        Span<uint> mask = stackalloc uint[set.Columns * Degree];
        Span<uint> commitment = stackalloc uint[set.Rows * Degree];
        try
        {
            key.MaskKey.CopyTo(seedInput);
            randomness.CopyTo(seedInput[MlDsaParameters.SeedSize..]);
            representative.CopyTo(seedInput[(2 * MlDsaParameters.SeedSize)..]);
            Shake256.HashData(seedInput, maskSeed);
            int counter = 0;
            do
            {
                // The counter has 16 bits; not one signature in 2^1000 needs that many candidates.
                Invariant.Holds(counter + set.Columns <= ushort.MaxValue);
                MlDsaSampling.ExpandMask(set, maskSeed, counter, mask);
                counter += set.Columns;
            }
            while (!TryCandidate(key, representative, mask, commitment, signature));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(maskSeed);
            CryptographicOperations.ZeroMemory(seedInput);
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(mask));
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(commitment));
        }
    }

    // One turn of the loop of algorithm 7. The checks run in the order that throws a bad candidate away soonest.
    [SkipLocalsInit]
    private static bool TryCandidate(
        MlDsaPrivateKey key,
        ReadOnlySpan<byte> representative,
        Span<uint> mask,
        Span<uint> commitment,
        Span<byte> signature)
    {
        MlDsaParameters set = key.Set;
        Span<uint> challenge = stackalloc uint[Degree];
        Span<uint> product = stackalloc uint[Degree];
        Span<uint> hints = stackalloc uint[set.Rows * Degree];
        Span<byte> challengeHash = signature[..set.ChallengeSize];
        try
        {
            Commit(key, mask, commitment);
            HashCommitment(set, representative, commitment, challengeHash);
            MlDsaSampling.SampleChallenge(set, challengeHash, challenge);
            MlDsaRing.Transform(challenge);
            if (!TrySubtractSecret(key, challenge, product, commitment)
                || !TryRespond(key, challenge, product, mask)
                || !TryHint(key, challenge, product, commitment, hints))
            {
                return false;
            }

            Span<byte> rest = signature[set.ChallengeSize..];
            for (int i = 0; i < set.Columns; i++)
            {
                Span<uint> response = mask.Slice(i * Degree, Degree);
                MlDsaEncoding.PackSigned(set.MaskBound, set.MaskBits, response, rest[..set.MaskRowSize]);
                rest = rest[set.MaskRowSize..];
            }

            MlDsaEncoding.PackHints(set, hints, rest);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(product));
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(hints));
        }
    }

    // w = A y.
    [SkipLocalsInit]
    private static void Commit(MlDsaPrivateKey key, ReadOnlySpan<uint> mask, Span<uint> commitment)
    {
        MlDsaParameters set = key.Set;
        int rowSize = set.Columns * Degree;
        Span<uint> transformed = stackalloc uint[rowSize];
        try
        {
            mask.CopyTo(transformed);
            for (int i = 0; i < set.Columns; i++)
            {
                MlDsaRing.Transform(transformed.Slice(i * Degree, Degree));
            }

            for (int row = 0; row < set.Rows; row++)
            {
                Span<uint> sum = commitment.Slice(row * Degree, Degree);
                MlDsaRing.MultiplyRow(key.Matrix.Slice(row * rowSize, rowSize), transformed, sum);
                MlDsaRing.TransformBack(sum);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(transformed));
        }
    }

    // c~ = H(mu | w1).
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void HashCommitment(
        MlDsaParameters set, ReadOnlySpan<byte> representative, ReadOnlySpan<uint> commitment, Span<byte> hash)
    {
        Span<uint> high = stackalloc uint[set.Rows * Degree];
        Span<byte> packed = stackalloc byte[set.CommitmentSize];
        try
        {
            MlDsaRounding rounding = set.Rounding;
            for (int i = 0; i < high.Length; i++)
            {
                high[i] = rounding.High(commitment[i]);
            }

            BitPacking.Pack(high, rounding.Bits, packed);
            Shake256.HashData(representative, packed, hash);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(high));
            CryptographicOperations.ZeroMemory(packed);
        }
    }

    // w - c s2, if its low bits are small.
    private static bool TrySubtractSecret(
        MlDsaPrivateKey key, ReadOnlySpan<uint> challenge, Span<uint> product, Span<uint> commitment)
    {
        MlDsaParameters set = key.Set;
        for (int row = 0; row < set.Rows; row++)
        {
            Multiply(key.Secret2.Slice(row * Degree, Degree), challenge, product);
            Span<uint> difference = commitment.Slice(row * Degree, Degree);
            MlDsaRing.Subtract(product, difference);
            if (!AreLowBitsWithin(set.Rounding, difference, set.Rounding.HalfWidth - set.Reach))
            {
                return false;
            }
        }

        return true;
    }

    // z = y + c s1, if it is small.
    private static bool TryRespond(
        MlDsaPrivateKey key, ReadOnlySpan<uint> challenge, Span<uint> product, Span<uint> mask)
    {
        MlDsaParameters set = key.Set;
        for (int column = 0; column < set.Columns; column++)
        {
            Multiply(key.Secret1.Slice(column * Degree, Degree), challenge, product);
            Span<uint> response = mask.Slice(column * Degree, Degree);
            MlDsaRing.Add(product, response);
            if (!MlDsaRing.IsWithin(response, set.MaskBound - set.Reach))
            {
                return false;
            }
        }

        return true;
    }

    // The hint that lets the verifier do without t0, if there are few ones.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryHint(
        MlDsaPrivateKey key,
        ReadOnlySpan<uint> challenge,
        Span<uint> product,
        ReadOnlySpan<uint> difference,
        Span<uint> hints)
    {
        MlDsaParameters set = key.Set;
        MlDsaRounding rounding = set.Rounding;
        uint ones = 0;
        for (int row = 0; row < set.Rows; row++)
        {
            Multiply(key.LowPart.Slice(row * Degree, Degree), challenge, product);
            if (!MlDsaRing.IsWithin(product, rounding.HalfWidth))
            {
                return false;
            }

            for (int i = 0; i < Degree; i++)
            {
                uint value = difference[(row * Degree) + i];
                uint hint = rounding.Hint(value, MlDsaRing.ReduceOnce(value + product[i]));
                hints[(row * Degree) + i] = hint;
                ones += hint;
            }
        }

        return ones <= set.HintsMax;
    }

    private static void Multiply(ReadOnlySpan<uint> secret, ReadOnlySpan<uint> challenge, Span<uint> product)
    {
        MlDsaRing.MultiplyRow(secret, challenge, product);
        MlDsaRing.TransformBack(product);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool AreLowBitsWithin(MlDsaRounding rounding, ReadOnlySpan<uint> polynomial, uint bound)
    {
        int outside = 0;
        for (int i = 0; i < polynomial.Length; i++)
        {
            int low = rounding.Low(polynomial[i]);
            int sign = low >> 31;
            int size = (low ^ sign) - sign;
            outside |= (int)bound - 1 - size;
        }

        return outside >= 0;
    }
}
