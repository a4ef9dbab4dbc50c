using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Proofs;

/// <summary>The hashes and the bits of a <see cref="MerkleMap{TValue}"/>.</summary>
internal static class MapPath
{
    /// <summary>Bits of a key, and so the deepest place of a value: 256.</summary>
    public const int BitsMax = 8 * Digest.SizeBytes;

    /// <summary>The hash of an entry: 65 bytes that begin otherwise than those of a node.</summary>
    public static Digest EntryHash(Digest key, Digest value)
    {
        Span<byte> entry = stackalloc byte[2 * Digest.SizeBytes];
        key.CopyTo(entry);
        value.CopyTo(entry[Digest.SizeBytes..]);
        return MerkleHash.Entry(entry);
    }

    /// <summary>Whether the key goes to the right at a depth; the first bit is the highest of the first byte.</summary>
    public static bool IsRight(ReadOnlySpan<byte> key, int depth) => (key[depth >> 3] & (0x80 >> (depth & 7))) != 0;

    /// <summary>How many first bits two different keys share.</summary>
    public static int SharedBits(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        int shared = left.CommonPrefixLength(right) * 8;
        while (shared < BitsMax && IsRight(left, shared) == IsRight(right, shared))
        {
            shared++;
        }

        return shared;
    }

    /// <summary>The hash of the parent of a node that stands on the key's side.</summary>
    public static Digest Parent(ReadOnlySpan<byte> key, int depth, Digest own, Digest sibling) =>
        IsRight(key, depth) ? MerkleHash.Node(sibling, own) : MerkleHash.Node(own, sibling);
}
