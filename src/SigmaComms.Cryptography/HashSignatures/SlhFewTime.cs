using SigmaComms.Cryptography.Hashing;

namespace SigmaComms.Cryptography.HashSignatures;

/// <summary>The few-time signature of a digest: one opened leaf in each tree of a forest.</summary>
/// <standard>FIPS 205, section 8.</standard>
internal static class SlhFewTime
{
    // Leaves that are made at once: enough to fill the lanes at most levels, few enough to stay in the cache.
    private const int LeavesAtOnce = 4096;

    /// <summary>Which leaf of each tree the digest chooses. Algorithm 4.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="digest">The digest of the message.</param>
    /// <param name="chosen">Receives a leaf for each tree.</param>
    public static void ReadChosen(SlhParameters set, ReadOnlySpan<byte> digest, Span<int> chosen)
    {
        uint bits = 0;
        int count = 0;
        for (int tree = 0; tree < set.ForestTrees; tree++)
        {
            for (; count < set.ForestHeight; count += 8)
            {
                bits = (bits << 8) | digest[0];
                digest = digest[1..];
            }

            count -= set.ForestHeight;
            chosen[tree] = (int)(bits >> count) & ((1 << set.ForestHeight) - 1);
        }
    }

    /// <summary>Signs the digest and gives the public key of the signature. Algorithms 16 and 17.</summary>
    /// <param name="hash">The hashes.</param>
    /// <param name="choice">Tree and leaf of the lowest layer, whose forest it is.</param>
    /// <param name="digest">The digest of the message.</param>
    /// <param name="signature">Receives an opened leaf and its path for each tree.</param>
    /// <param name="key">Receives n bytes.</param>
    public static void Sign(
        SlhHash hash, SlhChoice choice, ReadOnlySpan<byte> digest, Span<byte> signature, Span<byte> key)
    {
        SlhParameters set = hash.Set;
        Span<int> chosen = stackalloc int[set.ForestTrees];
        Span<byte> roots = stackalloc byte[set.ForestTrees * set.HashSize];
        ReadChosen(set, digest, chosen);
        int atOnce = Math.Max(1, LeavesAtOnce >> set.ForestHeight);
        using LaneMemory memory = new((atOnce << set.ForestHeight) * set.HashSize);
        SlhAddress place = Place(choice);
        for (int tree = 0; tree < set.ForestTrees; tree += atOnce)
        {
            int count = Math.Min(atOnce, set.ForestTrees - tree);
            Span<byte> nodes = memory.Span[..((count << set.ForestHeight) * set.HashSize)];
            Span<byte> opened = signature[(tree * set.ForestPathSize)..];
            ReadOnlySpan<int> group = chosen.Slice(tree, count);
            DeriveLeaves(hash, place, tree, nodes, group, opened);
            SlhForest.Climb(
                hash, place, tree, set.ForestHeight, nodes, group, opened[set.HashSize..], set.ForestPathSize);
            nodes[..(count * set.HashSize)].CopyTo(roots[(tree * set.HashSize)..]);
        }

        hash.HashRows([place with { Type = SlhAddressType.ForestRoots }], roots, key);
    }

    /// <summary>The public key that a signature belongs to. Algorithm 17.</summary>
    /// <param name="hash">The hashes.</param>
    /// <param name="choice">Tree and leaf of the lowest layer, whose forest it is.</param>
    /// <param name="digest">The digest of the message.</param>
    /// <param name="signature">An opened leaf and its path for each tree.</param>
    /// <param name="key">Receives n bytes.</param>
    public static void RecoverKey(
        SlhHash hash, SlhChoice choice, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature, Span<byte> key)
    {
        SlhParameters set = hash.Set;
        int size = set.HashSize;
        Span<int> chosen = stackalloc int[set.ForestTrees];
        Span<byte> nodes = stackalloc byte[set.ForestTrees * size];
        Span<SlhAddress> places = stackalloc SlhAddress[set.ForestTrees];
        ReadChosen(set, digest, chosen);
        SlhAddress place = Place(choice);
        for (int tree = 0; tree < set.ForestTrees; tree++)
        {
            signature.Slice(tree * set.ForestPathSize, size).CopyTo(nodes[(tree * size)..]);
            places[tree] = place with { Index = (uint)((tree << set.ForestHeight) + chosen[tree]) };
        }

        hash.HashRows(places, nodes, nodes);
        SlhForest.Follow(hash, place, set.ForestHeight, nodes, chosen, signature[size..], set.ForestPathSize);
        hash.HashRows([place with { Type = SlhAddressType.ForestRoots }], nodes, key);
    }

    private static SlhAddress Place(SlhChoice choice) =>
        new(0, choice.Tree, SlhAddressType.Forest, (uint)choice.Leaf);

    // Algorithms 14 and 15: the secrets become leaves; the chosen ones are the signature's.
    private static void DeriveLeaves(
        SlhHash hash,
        SlhAddress place,
        int firstTree,
        Span<byte> leaves,
        ReadOnlySpan<int> chosen,
        Span<byte> opened)
    {
        SlhParameters set = hash.Set;
        int size = set.HashSize;
        Span<SlhAddress> places = stackalloc SlhAddress[SlhHash.GroupSize];
        for (int done = 0; done < leaves.Length / size; done += SlhHash.GroupSize)
        {
            Span<byte> group = leaves.Slice(done * size, SlhHash.GroupSize * size);
            uint first = (uint)((firstTree << set.ForestHeight) + done);
            for (int i = 0; i < places.Length; i++)
            {
                places[i] = place with { Type = SlhAddressType.ForestSecret, Index = first + (uint)i };
            }

            hash.DeriveSecrets(places, group);
            (int tree, int leaf) = Math.DivRem(done, 1 << set.ForestHeight);
            int inGroup = chosen[tree] - leaf;
            if (inGroup is >= 0 and < SlhHash.GroupSize)
            {
                group.Slice(inGroup * size, size).CopyTo(opened[(tree * set.ForestPathSize)..]);
            }

            for (int i = 0; i < places.Length; i++)
            {
                places[i] = places[i] with { Type = SlhAddressType.Forest };
            }

            hash.HashRows(places, group, group);
        }
    }
}
