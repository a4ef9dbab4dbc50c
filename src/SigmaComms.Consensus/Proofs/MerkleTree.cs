using System.Buffers;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Proofs;

/// <summary>Roots of trees whose entries are all at hand; <see cref="MountainRange"/> grows entry by entry.</summary>
/// <standard>RFC 9162, section 2.1.1 (Merkle tree hash), with SHA-256.</standard>
public static class MerkleTree
{
    /// <summary>The root over entry hashes in their order.</summary>
    /// <param name="entryHashes">What <see cref="MerkleHash.Entry(ReadOnlySpan{byte})"/> gave for each entry.</param>
    public static Digest Root(ReadOnlySpan<Digest> entryHashes)
    {
        if (entryHashes.IsEmpty)
        {
            return MerkleHash.Empty;
        }

        Digest[] rented = ArrayPool<Digest>.Shared.Rent(entryHashes.Length);
        Span<Digest> level = rented.AsSpan(0, entryHashes.Length);
        entryHashes.CopyTo(level);
        while (level.Length > 1)
        {
            level = Halve(level);
        }

        Digest root = level[0];
        ArrayPool<Digest>.Shared.Return(rented);
        return root;
    }

    // The last one of an odd level moves up as it is, which gives the standard's split at a power of two.
    private static Span<Digest> Halve(Span<Digest> level)
    {
        int pairs = level.Length / 2;
        for (int i = 0; i < pairs; i++)
        {
            level[i] = MerkleHash.Node(level[2 * i], level[(2 * i) + 1]);
        }

        if (level.Length % 2 == 1)
        {
            level[pairs] = level[^1];
            pairs++;
        }

        return level[..pairs];
    }
}
