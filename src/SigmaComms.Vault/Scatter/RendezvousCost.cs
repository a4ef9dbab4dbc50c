using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Scatter;

/// <summary>How dear a node is to a fragment: the logarithm of a hash of both, divided by the node's weight.</summary>
/// <remarks>
/// Exponentially distributed with the weight as rate, so that the cheapest of some nodes is each with a probability
/// in proportion to its weight. In integers, so that every machine computes the same.
/// </remarks>
/// <standard>Schindelhauer and Schomaker 2005 (weighted rendezvous, logarithmic method); FIPS 180-4.</standard>
internal static class RendezvousCost
{
    private const int FractionBits = 24;
    private const int WeightBits = 32;
    private const int TopBit = 63;

    /// <summary>The cost of a fragment on a node; below 2^62.</summary>
    public static ulong Of(FragmentId fragment, StorageNode node)
    {
        Span<byte> both = stackalloc byte[2 * Digest.SizeBytes];
        fragment.Value.CopyTo(both);
        node.Node.Value.CopyTo(both[Digest.SizeBytes..]);
        Span<byte> hash = stackalloc byte[Digest.SizeBytes];
        SHA256.HashData(both, hash);
        return (NegativeLogarithm(BinaryPrimitives.ReadUInt64BigEndian(hash)) << WeightBits) / (uint)node.Weight;
    }

    /// <summary>-log2 of the value as a fraction of 2^64, with 24 fractional bits.</summary>
    public static ulong NegativeLogarithm(ulong value)
    {
        ulong odd = value | 1;
        int exponent = BitOperations.Log2(odd);
        ulong mantissa = odd << (TopBit - exponent);
        ulong logarithm = (ulong)exponent;
        for (int i = 0; i < FractionBits; i++)
        {
            // Squaring doubles the logarithm; its integer part is the next bit.
            ulong high = Math.BigMul(mantissa, mantissa, out ulong low);
            bool carried = high >> TopBit != 0;
            mantissa = carried ? high : (high << 1) | (low >> TopBit);
            logarithm = (logarithm << 1) | (carried ? 1UL : 0);
        }

        return ((TopBit + 1UL) << FractionBits) - logarithm;
    }
}
