using SigmaComms.Cryptography.Hashing;

namespace SigmaComms.Cryptography.HashSignatures;

/// <summary>A tree of one-time keys, and the tree of such trees.</summary>
/// <standard>FIPS 205, sections 6 and 7.</standard>
internal static class SlhTree
{
    // Keys that are made at once: enough to fill the lanes, few enough for their chains to stay in the cache.
    private const int KeysAtOnce = SlhHash.GroupSize;

    /// <summary>The root of the highest tree, which is in the public key. Algorithm 18, lines 1 to 3.</summary>
    /// <param name="hash">The hashes.</param>
    /// <param name="root">Receives n bytes.</param>
    public static void DeriveRoot(SlhHash hash, Span<byte> root)
    {
        SlhParameters set = hash.Set;
        using LaneMemory memory = new(ScratchSize(set));
        Span<byte> unused = stackalloc byte[SlhParameters.HashSizeMax * set.TreeHeight];
        SlhAddress place = new((uint)set.Layers - 1, 0, SlhAddressType.Tree);
        Span<byte> leaves = DeriveLeaves(hash, place, default, SlhHash.KeepNone, memory.Span, default);
        SlhForest.Climb(hash, place, 0, set.TreeHeight, leaves, [0], unused, 0);
        leaves[..set.HashSize].CopyTo(root);
    }

    /// <summary>Signs with one key of each layer, from the lowest to the highest. Algorithms 10 and 12.</summary>
    /// <param name="hash">The hashes.</param>
    /// <param name="choice">Tree and leaf of the lowest layer.</param>
    /// <param name="value">What is signed: n bytes.</param>
    /// <param name="signature">Receives each layer's signature.</param>
    public static void Sign(SlhHash hash, SlhChoice choice, ReadOnlySpan<byte> value, Span<byte> signature)
    {
        SlhParameters set = hash.Set;
        using LaneMemory memory = new(ScratchSize(set));
        Span<int> digits = stackalloc int[set.Chains];
        for (uint layer = 0; layer < set.Layers; layer++)
        {
            SlhChains.ReadDigits(value, digits);
            SlhAddress place = new(layer, choice.Tree, SlhAddressType.Tree);
            Span<byte> leaves = DeriveLeaves(hash, place, digits, choice.Leaf, memory.Span, signature);
            Span<byte> path = signature[set.ChainsSize..];
            SlhForest.Climb(hash, place, 0, set.TreeHeight, leaves, [choice.Leaf], path, 0);
            value = leaves[..set.HashSize];
            signature = signature[set.TreeSignatureSize..];
            choice = choice.Above(set);
        }
    }

    /// <summary>The root that a signature leads to. Algorithms 11 and 13.</summary>
    /// <param name="hash">The hashes.</param>
    /// <param name="choice">Tree and leaf of the lowest layer.</param>
    /// <param name="value">What is signed: n bytes; replaced by the root.</param>
    /// <param name="signature">Each layer's signature.</param>
    public static void RecoverRoot(SlhHash hash, SlhChoice choice, Span<byte> value, ReadOnlySpan<byte> signature)
    {
        SlhParameters set = hash.Set;
        for (uint layer = 0; layer < set.Layers; layer++)
        {
            SlhAddress place = new(layer, choice.Tree, SlhAddressType.Tree);
            SlhAddress key = place with { KeyPair = (uint)choice.Leaf };
            SlhChains.RecoverKey(hash, key, value, signature[..set.ChainsSize], value);
            ReadOnlySpan<byte> path = signature[set.ChainsSize..set.TreeSignatureSize];
            SlhForest.Follow(hash, place, set.TreeHeight, value, [choice.Leaf], path, 0);
            signature = signature[set.TreeSignatureSize..];
            choice = choice.Above(set);
        }
    }

    private static int ScratchSize(SlhParameters set) =>
        (set.TreeLeaves * set.HashSize) + (Math.Min(KeysAtOnce, set.TreeLeaves) * set.ChainsSize);

    // The public keys of all leaves; the signature by one of them falls off on the way.
    private static Span<byte> DeriveLeaves(
        SlhHash hash,
        SlhAddress place,
        scoped ReadOnlySpan<int> digits,
        int signer,
        Span<byte> scratch,
        scoped Span<byte> signature)
    {
        SlhParameters set = hash.Set;
        Span<byte> leaves = scratch[..(set.TreeLeaves * set.HashSize)];
        Span<byte> ends = scratch[leaves.Length..];
        int atOnce = Math.Min(KeysAtOnce, set.TreeLeaves);
        for (int key = 0; key < set.TreeLeaves; key += atOnce)
        {
            Span<byte> keys = leaves.Slice(key * set.HashSize, atOnce * set.HashSize);
            SlhChains.DeriveKeys(hash, place, key, digits, signer, keys, ends, signature);
        }

        return leaves;
    }
}
