using System.Buffers;
using System.Security.Cryptography;
using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Sealing;

/// <summary>The Merkle tree over a fragment's blocks of 4 KiB, whose root names the fragment's content.</summary>
/// <remarks>
/// The tree's entries are the SHA-256 digests of the blocks, not the blocks. A root and its proofs show only hashes of
/// these digests, so that the digests themselves can make the lock of a stripe (<see cref="StripePackage"/>).
/// </remarks>
/// <standard>RFC 9162, section 2.1.1 (leaf prefix 0, node prefix 1), with FIPS 180-4 (SHA-256).</standard>
public static class FragmentTree
{
    /// <summary>Bytes of a block; the last one of a fragment may be shorter.</summary>
    public const int BlockSize = 4096;

    private const int HashSize = Digest.SizeBytes;
    private const byte LeafPrefix = 0;
    private const byte NodePrefix = 1;

    /// <summary>How many blocks a fragment has.</summary>
    /// <param name="fragmentLength">Bytes, at least 1.</param>
    public static int BlockCount(int fragmentLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fragmentLength, 1);
        return ((fragmentLength - 1) / BlockSize) + 1;
    }

    /// <summary>The root of a fragment.</summary>
    /// <param name="fragment">Its bytes, at least 1.</param>
    public static Digest RootOf(ReadOnlySpan<byte> fragment)
    {
        int sizeBytes = BlockCount(fragment.Length) * HashSize;
        byte[] digests = ArrayPool<byte>.Shared.Rent(sizeBytes);
        try
        {
            HashBlocks(fragment, digests.AsSpan(0, sizeBytes));
            return Root(digests.AsSpan(0, sizeBytes));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(digests.AsSpan(0, sizeBytes));
            ArrayPool<byte>.Shared.Return(digests);
        }
    }

    /// <summary>Hashes each block.</summary>
    /// <param name="bytes">Whole blocks but for the last; at least 1 byte.</param>
    /// <param name="digests">Receives 32 bytes for each block.</param>
    /// <exception cref="ArgumentException">The output has the wrong length.</exception>
    public static void HashBlocks(ReadOnlySpan<byte> bytes, Span<byte> digests)
    {
        if (digests.Length != BlockCount(bytes.Length) * HashSize)
        {
            throw new ArgumentException("There are 32 bytes for each block.", nameof(digests));
        }

        for (; !bytes.IsEmpty; digests = digests[HashSize..])
        {
            int size = Math.Min(BlockSize, bytes.Length);
            Digest.Sha256(bytes[..size]).CopyTo(digests);
            bytes = bytes[size..];
        }
    }

    /// <summary>The root over the digests of all blocks.</summary>
    /// <param name="digests">32 bytes for each block, at least one block.</param>
    /// <exception cref="ArgumentException">The length is wrong.</exception>
    public static Digest Root(ReadOnlySpan<byte> digests)
    {
        int count = CountOf(digests);
        byte[] level = ArrayPool<byte>.Shared.Rent(digests.Length);
        try
        {
            LeafLevel(digests, level);
            return Fold(level, count);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(level);
        }
    }

    /// <summary>What a verifier of neighbouring blocks needs: hashes of the parts of the tree beside them.</summary>
    /// <param name="digests">32 bytes for each block of the fragment.</param>
    /// <param name="first">The first block, from 0.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <returns>Hashes of 32 bytes from left to right; empty if the blocks are the whole fragment.</returns>
    /// <exception cref="ArgumentException">There are no such blocks.</exception>
    public static byte[] Prove(ReadOnlySpan<byte> digests, int first, int count)
    {
        int blocks = CountOf(digests);
        CheckRange(first, count, blocks);
        byte[] level = new byte[digests.Length];
        LeafLevel(digests, level);
        List<byte> siblings = [];
        CollectSiblings(level, 0, blocks, first, first + count, siblings);
        return [.. siblings];
    }

    /// <summary>Checks blocks of a fragment against its root.</summary>
    /// <param name="root">The root, from the entry.</param>
    /// <param name="fragmentLength">Bytes of the fragment, from the entry.</param>
    /// <param name="first">The first block, from 0.</param>
    /// <param name="bytes">The blocks; untrusted. Only the fragment's last one may be shorter than 4 KiB.</param>
    /// <param name="siblings">What <see cref="Prove"/> gave; untrusted.</param>
    /// <returns>Whether these are the fragment's bytes there.</returns>
    public static bool Verify(
        Digest root, int fragmentLength, int first, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> siblings)
    {
        int blocks = BlockCount(fragmentLength);
        if (bytes.IsEmpty || first < 0 || first >= blocks || siblings.Length % HashSize != 0)
        {
            return false;
        }

        int count = BlockCount(bytes.Length);
        long end = ((long)first * BlockSize) + bytes.Length;
        if (count > blocks - first || end > fragmentLength || (bytes.Length % BlockSize != 0 && end != fragmentLength))
        {
            return false;
        }

        byte[] level = new byte[count * HashSize];
        HashBlocks(bytes, level);
        LeafLevel(level, level);
        Span<byte> computed = stackalloc byte[HashSize];
        return TryCompute(level, 0, blocks, first, first + count, ref siblings, computed)
            && siblings.IsEmpty
            && new Digest(computed) == root;
    }

    private static int CountOf(ReadOnlySpan<byte> digests) => digests.Length > 0 && digests.Length % HashSize == 0
        ? digests.Length / HashSize
        : throw new ArgumentException("There are 32 bytes for each block, and at least one block.", nameof(digests));

    private static void CheckRange(int first, int count, int blocks)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, blocks);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, blocks - first);
    }

    private static void LeafLevel(ReadOnlySpan<byte> digests, Span<byte> level)
    {
        Span<byte> leaf = stackalloc byte[1 + HashSize];
        leaf[0] = LeafPrefix;
        for (int at = 0; at < digests.Length; at += HashSize)
        {
            digests.Slice(at, HashSize).CopyTo(leaf[1..]);
            Digest.Sha256(leaf).CopyTo(level.Slice(at, HashSize));
        }
    }

    // Joins neighbours level by level; one that is left over moves up as it is, which gives the RFC's tree.
    private static Digest Fold(Span<byte> level, int count)
    {
        for (; count > 1; count = (count + 1) / 2)
        {
            for (int i = 0; i < count / 2; i++)
            {
                Join(level.Slice(2 * i * HashSize, 2 * HashSize), level.Slice(i * HashSize, HashSize));
            }

            if (count % 2 != 0)
            {
                level.Slice((count - 1) * HashSize, HashSize).CopyTo(level[(count / 2 * HashSize)..]);
            }
        }

        return new Digest(level[..HashSize]);
    }

    private static void Join(ReadOnlySpan<byte> pair, Span<byte> parent)
    {
        Span<byte> node = stackalloc byte[1 + (2 * HashSize)];
        node[0] = NodePrefix;
        pair.CopyTo(node[1..]);
        Digest.Sha256(node).CopyTo(parent);
    }

    // The part of the tree over leaves from..to, of which start..end are given.
    private static void CollectSiblings(
        ReadOnlySpan<byte> level, int from, int to, int start, int end, List<byte> siblings)
    {
        if (start <= from && to <= end)
        {
            return;
        }

        if (to <= start || end <= from)
        {
            byte[] part = level[(from * HashSize)..(to * HashSize)].ToArray();
            siblings.AddRange(Fold(part, to - from).ToArray());
            return;
        }

        int middle = from + Split(to - from);
        CollectSiblings(level, from, middle, start, end, siblings);
        CollectSiblings(level, middle, to, start, end, siblings);
    }

    private static bool TryCompute(
        ReadOnlySpan<byte> level,
        int from,
        int to,
        int start,
        int end,
        ref ReadOnlySpan<byte> siblings,
        scoped Span<byte> hash)
    {
        if (start <= from && to <= end)
        {
            byte[] part = level[((from - start) * HashSize)..((to - start) * HashSize)].ToArray();
            Fold(part, to - from).CopyTo(hash);
            return true;
        }

        if (to <= start || end <= from)
        {
            return TryTake(ref siblings, hash);
        }

        int middle = from + Split(to - from);
        Span<byte> pair = stackalloc byte[2 * HashSize];
        bool ok = TryCompute(level, from, middle, start, end, ref siblings, pair[..HashSize])
            && TryCompute(level, middle, to, start, end, ref siblings, pair[HashSize..]);
        Join(pair, hash);
        return ok;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> siblings, scoped Span<byte> hash)
    {
        if (siblings.Length < HashSize)
        {
            return false;
        }

        siblings[..HashSize].CopyTo(hash);
        siblings = siblings[HashSize..];
        return true;
    }

    // The largest power of two below the count, as the RFC splits.
    private static int Split(int count) => 1 << System.Numerics.BitOperations.Log2((uint)(count - 1));
}
