using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Proofs;

/// <summary>Shows that an entry stands at a place of a tree. Byte table: docs/formats/ledger-proofs.md.</summary>
/// <standard>RFC 9162, section 2.1.3 (Merkle inclusion proofs).</standard>
public sealed class InclusionProof
{
    /// <summary>Most siblings a proof has: 64, as a tree has less than 2^64 entries.</summary>
    public const int PathMax = 64;

    private readonly Digest[] _path;

    /// <summary>Takes over the parts of a proof.</summary>
    /// <param name="index">The entry's place, from 0.</param>
    /// <param name="count">The entries of the tree.</param>
    /// <param name="path">The siblings from the entry to the root.</param>
    public InclusionProof(ulong index, ulong count, IEnumerable<Digest> path)
    {
        Index = index;
        Count = count;
        _path = [.. path];
    }

    /// <summary>The entry's place, from 0.</summary>
    public ulong Index { get; }

    /// <summary>The entries of the tree.</summary>
    public ulong Count { get; }

    /// <summary>The siblings from the entry to the root.</summary>
    public IReadOnlyList<Digest> Path => _path;

    /// <summary>Whether the entry stands at <see cref="Index"/> of the tree with this root.</summary>
    /// <param name="entry">The entry's bytes.</param>
    /// <param name="root">The trusted root of a tree with <see cref="Count"/> entries.</param>
    public bool Verify(ReadOnlySpan<byte> entry, Digest root) =>
        TryRoot(MerkleHash.Entry(entry), out Digest computed) && computed == root;

    /// <summary>Whether the entry, itself a hash, stands at <see cref="Index"/> of the tree with this root.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="root">The trusted root of a tree with <see cref="Count"/> entries.</param>
    public bool Verify(Digest entry, Digest root) =>
        TryRoot(MerkleHash.Entry(entry), out Digest computed) && computed == root;

    /// <summary>The root that the proof leads to.</summary>
    /// <param name="entryHash">The hash of the entry, as <see cref="MerkleHash"/> makes it.</param>
    /// <param name="root">The root, or default.</param>
    /// <returns>False if the path has not the length that the place and the count demand.</returns>
    public bool TryRoot(Digest entryHash, out Digest root)
    {
        root = default;
        if (Index >= Count)
        {
            return false;
        }

        (ulong place, ulong last) = (Index, Count - 1);
        Digest hash = entryHash;
        foreach (Digest sibling in _path)
        {
            if (last == 0)
            {
                return false;
            }

            if ((place & 1) == 1 || place == last)
            {
                hash = MerkleHash.Node(sibling, hash);
                while ((place & 1) == 0 && place != 0)
                {
                    (place, last) = (place >> 1, last >> 1);
                }
            }
            else
            {
                hash = MerkleHash.Node(hash, sibling);
            }

            (place, last) = (place >> 1, last >> 1);
        }

        root = last == 0 ? hash : default;
        return last == 0;
    }

    /// <summary>Writes the proof.</summary>
    /// <param name="writer">Receives it.</param>
    public void WriteTo(WireWriter writer)
    {
        writer.U64(Index).U64(Count).U8((byte)_path.Length);
        foreach (Digest sibling in _path)
        {
            writer.Digest(sibling);
        }
    }

    /// <summary>Reads a proof; the reader fails if there is none.</summary>
    /// <param name="reader">Untrusted bytes.</param>
    /// <param name="proof">The proof, or null.</param>
    /// <returns>False, with a failed reader, if the bytes are no proof.</returns>
    public static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out InclusionProof? proof)
    {
        ulong index = reader.U64();
        ulong count = reader.U64();
        bool ok = DigestList.TryRead(ref reader, PathMax, out Digest[]? path);
        proof = ok ? new InclusionProof(index, count, path!) : null;
        return ok;
    }
}
