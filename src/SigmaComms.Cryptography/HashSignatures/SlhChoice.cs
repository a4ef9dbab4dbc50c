using System.Buffers.Binary;

namespace SigmaComms.Cryptography.HashSignatures;

/// <summary>Which one-time key of a layer signs; public, as the digest of the message tells it.</summary>
/// <param name="Tree">Number of the tree in its layer.</param>
/// <param name="Leaf">Number of the key in its tree.</param>
/// <standard>FIPS 205, algorithms 12 and 19.</standard>
internal readonly record struct SlhChoice(ulong Tree, int Leaf)
{
    /// <summary>Reads the choice for the lowest layer. Algorithm 19, lines 7 to 10.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="digest">The digest of the message: m bytes.</param>
    public static SlhChoice Read(SlhParameters set, ReadOnlySpan<byte> digest)
    {
        ReadOnlySpan<byte> tree = digest.Slice(set.ForestDigestSize, set.TreeIndexSize);
        ReadOnlySpan<byte> leaf = digest[(set.ForestDigestSize + set.TreeIndexSize)..set.DigestSize];
        ulong treeMask = ulong.MaxValue >> (64 - set.TreeIndexBits);
        return new SlhChoice(ReadBytes(tree) & treeMask, (int)ReadBytes(leaf) & (set.TreeLeaves - 1));
    }

    /// <summary>The choice for the layer above, which signs this tree's root.</summary>
    /// <param name="set">The parameter set.</param>
    public SlhChoice Above(SlhParameters set) =>
        new(Tree >> set.TreeHeight, (int)(Tree & (ulong)(set.TreeLeaves - 1)));

    private static ulong ReadBytes(ReadOnlySpan<byte> bytes)
    {
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        word.Clear();
        bytes.CopyTo(word[^bytes.Length..]);
        return BinaryPrimitives.ReadUInt64BigEndian(word);
    }
}
