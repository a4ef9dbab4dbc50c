using System.Numerics;

namespace SigmaComms.Vault.Sealing;

/// <summary>Rounds sizes up to few buckets, so that a stored size says little about the true one.</summary>
/// <remarks>
/// A size keeps as many leading bits as its logarithm has bits: 12 % more at most, and less the larger the size.
/// Powers of two stay as they are.
/// </remarks>
/// <standard>Nikitin et al., Reducing Metadata Leakage from Encrypted Files, PoPETs 2019, section 4.</standard>
public static class Padme
{
    /// <summary>The bucket of a size: the smallest allowed size that is not below it.</summary>
    /// <param name="sizeBytes">At least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is negative or its bucket is above 2^62.</exception>
    public static long Bucket(long sizeBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sizeBytes, 1L << 62);
        if (sizeBytes < 2)
        {
            return sizeBytes;
        }

        int exponent = BitOperations.Log2((ulong)sizeBytes);
        int bitsKept = BitOperations.Log2((uint)exponent) + 1;
        long lowBits = (1L << (exponent - bitsKept)) - 1;
        return (sizeBytes + lowBits) & ~lowBits;
    }
}
