using System.Buffers;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Proofs;

/// <summary>
/// The two hashes of every Merkle tree here; the first byte keeps an entry from being taken for a node.
/// </summary>
/// <standard>RFC 9162, section 2.1.1 (Merkle tree hash), with SHA-256.</standard>
public static class MerkleHash
{
    private const byte EntryPrefix = 0;
    private const byte NodePrefix = 1;
    private const int OnStackSizeMax = 1_024;

    /// <summary>The root of a tree without entries: SHA-256 of nothing.</summary>
    public static Digest Empty { get; } = Digest.Sha256([]);

    /// <summary>The hash of an entry.</summary>
    /// <param name="entry">Any number of bytes.</param>
    public static Digest Entry(ReadOnlySpan<byte> entry)
    {
        int sizeBytes = entry.Length + 1;
        byte[]? rented = sizeBytes <= OnStackSizeMax ? null : ArrayPool<byte>.Shared.Rent(sizeBytes);
        Span<byte> input = rented is null ? stackalloc byte[OnStackSizeMax] : rented;
        input = input[..sizeBytes];
        input[0] = EntryPrefix;
        entry.CopyTo(input[1..]);
        Digest digest = Digest.Sha256(input);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return digest;
    }

    /// <summary>The hash of an entry that is itself a hash.</summary>
    /// <param name="entry">The 32 bytes.</param>
    public static Digest Entry(Digest entry)
    {
        Span<byte> input = stackalloc byte[1 + Digest.SizeBytes];
        input[0] = EntryPrefix;
        entry.CopyTo(input[1..]);
        return Digest.Sha256(input);
    }

    /// <summary>The hash of a node.</summary>
    /// <param name="left">The hash of its left child.</param>
    /// <param name="right">The hash of its right child.</param>
    public static Digest Node(Digest left, Digest right)
    {
        Span<byte> input = stackalloc byte[1 + (2 * Digest.SizeBytes)];
        input[0] = NodePrefix;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + Digest.SizeBytes)..]);
        return Digest.Sha256(input);
    }
}
