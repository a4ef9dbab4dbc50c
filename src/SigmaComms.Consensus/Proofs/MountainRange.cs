using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Proofs;

/// <summary>
/// A Merkle tree that only grows: a range of perfect trees ("mountains"), whose peaks bagged from the right give
/// exactly the standard's root, so that the standard's proofs hold. Immutable: an appended one shares what it grew
/// from. One that was restored from its peaks grows on, but proves nothing about entries below them.
/// </summary>
/// <standard>
/// RFC 9162, sections 2.1.1 to 2.1.4. The range of peaks is the Merkle mountain range of Todd (OpenTimestamps, 2012).
/// </standard>
public sealed class MountainRange
{
    private readonly ImmutableStack<Mountain> _peaks;

    private MountainRange(ulong count, ImmutableStack<Mountain> peaks)
    {
        Count = count;
        _peaks = peaks;
        Root = Bag(peaks);
    }

    /// <summary>The range without entries.</summary>
    public static MountainRange Empty { get; } = new(0, []);

    /// <summary>How many entries it has.</summary>
    public ulong Count { get; }

    /// <summary>The hash that binds all entries and their order.</summary>
    public Digest Root { get; }

    /// <summary>
    /// The hashes of the perfect trees, the largest first; with the count they are all that appending needs.
    /// </summary>
    public IReadOnlyList<Digest> Peaks => [.. _peaks.Select(peak => peak.Hash).Reverse()];

    /// <summary>The range with one more entry.</summary>
    /// <param name="entry">The entry's bytes.</param>
    public MountainRange Append(ReadOnlySpan<byte> entry) => AppendHash(MerkleHash.Entry(entry));

    /// <summary>The range with one more entry that is itself a hash.</summary>
    /// <param name="entry">The entry.</param>
    public MountainRange Append(Digest entry) => AppendHash(MerkleHash.Entry(entry));

    /// <summary>
    /// The same range without what proves old entries; for who only appends and holds no more than it must.
    /// </summary>
    public MountainRange WithoutHistory()
    {
        IEnumerable<Mountain> bare = _peaks.Reverse().Select(peak => new Mountain(peak.Hash, peak.Level, null, null));
        return new MountainRange(Count, ImmutableStack.CreateRange(bare));
    }

    /// <summary>Shows that an entry stands at a place.</summary>
    /// <param name="index">The place, from 0.</param>
    /// <returns>The proof, or null if there is no such entry, or the range no longer has its history.</returns>
    public InclusionProof? Prove(ulong index)
    {
        if (index >= Count)
        {
            return null;
        }

        List<Digest> path = [];
        return TryPath(Mountains(), 0, Count, index, path) ? new InclusionProof(index, Count, path) : null;
    }

    /// <summary>Shows that this range begins with the entries of an older one.</summary>
    /// <param name="olderCount">The older one's count, at most this one's.</param>
    /// <returns>The proof, or null if the older one has more, or the range no longer has its history.</returns>
    public ConsistencyProof? ProveConsistency(ulong olderCount)
    {
        if (olderCount > Count)
        {
            return null;
        }

        List<Digest> path = [];
        bool ok = olderCount == 0 || olderCount == Count || TrySubproof(Mountains(), Count, olderCount, true, path);
        return ok ? new ConsistencyProof(olderCount, Count, path) : null;
    }

    /// <summary>Writes the count and the peaks.</summary>
    /// <param name="writer">Receives them.</param>
    public void WritePeaks(WireWriter writer)
    {
        writer.U64(Count);
        foreach (Digest peak in Peaks)
        {
            writer.Digest(peak);
        }
    }

    /// <summary>Reads what <see cref="WritePeaks"/> wrote.</summary>
    /// <param name="reader">The bytes; untrusted until the root is compared.</param>
    /// <param name="range">The range without history, or null.</param>
    /// <returns>False, with a failed reader, if the bytes are cut.</returns>
    public static bool TryReadPeaks(ref WireReader reader, [NotNullWhen(true)] out MountainRange? range)
    {
        range = null;
        ulong count = reader.U64();
        ImmutableStack<Mountain> peaks = [];
        for (int level = 63; level >= 0; level--)
        {
            if ((count & (1UL << level)) != 0)
            {
                peaks = peaks.Push(new Mountain(reader.Digest(), level, null, null));
            }
        }

        if (reader.Failed)
        {
            return false;
        }

        range = new MountainRange(count, peaks);
        return true;
    }

    /// <summary>The range with one more entry whose hash is known.</summary>
    internal MountainRange AppendHash(Digest entryHash)
    {
        Invariant.Holds(Count < ulong.MaxValue);
        ImmutableStack<Mountain> peaks = _peaks;
        var mountain = new Mountain(entryHash, 0, null, null);
        while (!peaks.IsEmpty && peaks.Peek().Level == mountain.Level)
        {
            peaks = peaks.Pop(out Mountain left);
            mountain = new Mountain(
                MerkleHash.Node(left.Hash, mountain.Hash), mountain.Level + 1, left, mountain);
        }

        return new MountainRange(Count + 1, peaks.Push(mountain));
    }

    // The smallest peak is on top of the stack: bagging begins with it, on the right.
    private static Digest Bag(ImmutableStack<Mountain> peaks)
    {
        if (peaks.IsEmpty)
        {
            return MerkleHash.Empty;
        }

        Digest root = peaks.Peek().Hash;
        foreach (Mountain peak in peaks.Pop())
        {
            root = MerkleHash.Node(peak.Hash, root);
        }

        return root;
    }

    // The whole tree as one mountain: its left child is the largest peak, its right child the rest of the range.
    private Mountain Mountains()
    {
        Mountain whole = _peaks.Peek();
        foreach (Mountain peak in _peaks.Pop())
        {
            whole = new Mountain(MerkleHash.Node(peak.Hash, whole.Hash), peak.Level + 1, peak, whole);
        }

        return whole;
    }

    private static bool TryPath(Mountain tree, ulong first, ulong count, ulong index, List<Digest> path)
    {
        if (count == 1)
        {
            return true;
        }

        if (tree.Left is null || tree.Right is null)
        {
            return false;
        }

        ulong split = SplitOf(count);
        bool isLeft = index - first < split;
        bool ok = isLeft
            ? TryPath(tree.Left, first, split, index, path)
            : TryPath(tree.Right, first + split, count - split, index, path);
        path.Add(isLeft ? tree.Right.Hash : tree.Left.Hash);
        return ok;
    }

    // SUBPROOF(m, D[n], b) of section 2.1.4.1.
    private static bool TrySubproof(Mountain tree, ulong count, ulong older, bool isComplete, List<Digest> path)
    {
        if (older == count)
        {
            if (!isComplete)
            {
                path.Add(tree.Hash);
            }

            return true;
        }

        if (tree.Left is null || tree.Right is null)
        {
            return false;
        }

        ulong split = SplitOf(count);
        bool isLeft = older <= split;
        bool ok = isLeft
            ? TrySubproof(tree.Left, split, older, isComplete, path)
            : TrySubproof(tree.Right, count - split, older - split, false, path);
        path.Add(isLeft ? tree.Right.Hash : tree.Left.Hash);
        return ok;
    }

    // The largest power of two below the count.
    private static ulong SplitOf(ulong count) => 1UL << BitOperations.Log2(count - 1);

    private sealed record Mountain(Digest Hash, int Level, Mountain? Left, Mountain? Right);
}
