namespace SigmaComms.Cryptography.HashSignatures;

/// <summary>Trees of hashes side by side, of which one leaf each is opened by its path.</summary>
/// <standard>FIPS 205, algorithms 9, 11, 15 and 17.</standard>
internal static class SlhForest
{
    /// <summary>Hashes trees from their leaves to their roots and gives the paths of the chosen leaves.</summary>
    /// <param name="hash">The hashes.</param>
    /// <param name="place">Layer, tree, type and key of all nodes.</param>
    /// <param name="firstTree">Number of the first of these trees; nodes are numbered through all trees.</param>
    /// <param name="height">Levels of each tree.</param>
    /// <param name="nodes">The leaves of all trees, one tree after the other; replaced by the roots.</param>
    /// <param name="chosen">The chosen leaf in each tree; public.</param>
    /// <param name="paths">Receives each tree's path of n bytes for each level.</param>
    /// <param name="pathStrideBytes">From one path's first byte to the next one's.</param>
    public static void Climb(
        SlhHash hash,
        SlhAddress place,
        int firstTree,
        int height,
        Span<byte> nodes,
        ReadOnlySpan<int> chosen,
        Span<byte> paths,
        int pathStrideBytes)
    {
        int size = hash.Set.HashSize;
        for (int level = 0; level < height; level++)
        {
            for (int tree = 0; tree < chosen.Length; tree++)
            {
                int sibling = (tree << (height - level)) + ((chosen[tree] >> level) ^ 1);
                nodes.Slice(sibling * size, size).CopyTo(paths[((tree * pathStrideBytes) + (level * size))..]);
            }

            int count = chosen.Length << (height - level - 1);
            uint first = (uint)firstTree << (height - level - 1);
            HashPairs(hash, place with { Chain = (uint)level + 1 }, first, nodes[..(2 * count * size)]);
        }
    }

    /// <summary>Hashes from leaves along their paths to the roots.</summary>
    /// <param name="hash">The hashes.</param>
    /// <param name="place">Layer, tree, type and key of all nodes.</param>
    /// <param name="height">Levels of each tree.</param>
    /// <param name="nodes">One leaf of each tree; replaced by the tree's root.</param>
    /// <param name="chosen">The number of the leaf in each tree; public.</param>
    /// <param name="paths">Each tree's path of n bytes for each level.</param>
    /// <param name="pathStrideBytes">From one path's first byte to the next one's.</param>
    public static void Follow(
        SlhHash hash,
        SlhAddress place,
        int height,
        Span<byte> nodes,
        ReadOnlySpan<int> chosen,
        ReadOnlySpan<byte> paths,
        int pathStrideBytes)
    {
        int size = hash.Set.HashSize;
        Span<byte> pairs = stackalloc byte[2 * SlhParameters.HashSizeMax * SlhParameters.ForestTreesMax];
        Span<SlhAddress> places = stackalloc SlhAddress[SlhParameters.ForestTreesMax];
        places = places[..chosen.Length];
        pairs = pairs[..(2 * size * chosen.Length)];
        for (int level = 0; level < height; level++)
        {
            for (int tree = 0; tree < chosen.Length; tree++)
            {
                Span<byte> pair = pairs.Slice(2 * tree * size, 2 * size);
                int own = ((chosen[tree] >> level) & 1) * size;
                nodes.Slice(tree * size, size).CopyTo(pair[own..]);
                paths.Slice((tree * pathStrideBytes) + (level * size), size).CopyTo(pair[(size - own)..]);
                int parent = (tree << (height - level - 1)) + (chosen[tree] >> (level + 1));
                places[tree] = place with { Chain = (uint)level + 1, Index = (uint)parent };
            }

            hash.HashRows(places, pairs, nodes);
        }
    }

    // The hashes go where the pairs were, which is safe as a group is read before its hashes are written.
    private static void HashPairs(SlhHash hash, SlhAddress place, uint first, Span<byte> nodes)
    {
        int size = hash.Set.HashSize;
        int count = nodes.Length / (2 * size);
        Span<SlhAddress> places = stackalloc SlhAddress[SlhHash.GroupSize];
        for (int done = 0; done < count; done += SlhHash.GroupSize)
        {
            int group = Math.Min(SlhHash.GroupSize, count - done);
            for (int i = 0; i < group; i++)
            {
                places[i] = place with { Index = first + (uint)(done + i) };
            }

            ReadOnlySpan<byte> pairs = nodes.Slice(2 * done * size, 2 * group * size);
            hash.HashRows(places[..group], pairs, nodes.Slice(done * size, group * size));
        }
    }
}
