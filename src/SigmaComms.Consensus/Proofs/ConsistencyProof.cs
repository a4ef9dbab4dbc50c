using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Proofs;

/// <summary>
/// Shows that a tree begins with all entries of a smaller one, unchanged and in their order. Byte table:
/// docs/formats/ledger-proofs.md.
/// </summary>
/// <standard>RFC 9162, section 2.1.4 (Merkle consistency proofs).</standard>
public sealed class ConsistencyProof
{
    /// <summary>Most hashes a proof has: 65.</summary>
    public const int PathMax = 65;

    private readonly Digest[] _path;

    /// <summary>Takes over the parts of a proof.</summary>
    /// <param name="olderCount">The entries of the smaller tree.</param>
    /// <param name="newerCount">The entries of the larger tree.</param>
    /// <param name="path">The hashes in the standard's order.</param>
    public ConsistencyProof(ulong olderCount, ulong newerCount, IEnumerable<Digest> path)
    {
        OlderCount = olderCount;
        NewerCount = newerCount;
        _path = [.. path];
    }

    /// <summary>The entries of the smaller tree.</summary>
    public ulong OlderCount { get; }

    /// <summary>The entries of the larger tree.</summary>
    public ulong NewerCount { get; }

    /// <summary>The hashes in the standard's order.</summary>
    public IReadOnlyList<Digest> Path => _path;

    /// <summary>Whether the newer tree only appended to the older one.</summary>
    /// <param name="older">The root of the smaller tree.</param>
    /// <param name="newer">The root of the larger tree.</param>
    public bool Verify(Digest older, Digest newer)
    {
        if (OlderCount == NewerCount)
        {
            return older == newer && _path.Length == 0 && (OlderCount != 0 || older == MerkleHash.Empty);
        }

        if (OlderCount == 0)
        {
            return older == MerkleHash.Empty && _path.Length == 0;
        }

        return OlderCount < NewerCount && VerifyPath(older, newer);
    }

    /// <summary>Writes the proof.</summary>
    /// <param name="writer">Receives it.</param>
    public void WriteTo(WireWriter writer)
    {
        writer.U64(OlderCount).U64(NewerCount).U8((byte)_path.Length);
        foreach (Digest hash in _path)
        {
            writer.Digest(hash);
        }
    }

    /// <summary>Reads a proof; the reader fails if there is none.</summary>
    /// <param name="reader">Untrusted bytes.</param>
    /// <param name="proof">The proof, or null.</param>
    /// <returns>False, with a failed reader, if the bytes are no proof.</returns>
    public static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out ConsistencyProof? proof)
    {
        ulong older = reader.U64();
        ulong newer = reader.U64();
        bool ok = DigestList.TryRead(ref reader, PathMax, out Digest[]? path);
        proof = ok ? new ConsistencyProof(older, newer, path!) : null;
        return ok;
    }

    // The steps of section 2.1.4.2; an older tree of a power of two entries is its own first hash.
    private bool VerifyPath(Digest older, Digest newer)
    {
        bool isWhole = BitOperations.IsPow2(OlderCount);
        if (!isWhole && _path.Length == 0)
        {
            return false;
        }

        Digest first = isWhole ? older : _path[0];
        (ulong place, ulong last) = (OlderCount - 1, NewerCount - 1);
        while ((place & 1) == 1)
        {
            (place, last) = (place >> 1, last >> 1);
        }

        (Digest olderHash, Digest newerHash) = (first, first);
        foreach (Digest hash in _path.AsSpan(isWhole ? 0 : 1))
        {
            if (last == 0)
            {
                return false;
            }

            if ((place & 1) == 1 || place == last)
            {
                olderHash = MerkleHash.Node(hash, olderHash);
                newerHash = MerkleHash.Node(hash, newerHash);
                while ((place & 1) == 0 && place != 0)
                {
                    (place, last) = (place >> 1, last >> 1);
                }
            }
            else
            {
                newerHash = MerkleHash.Node(newerHash, hash);
            }

            (place, last) = (place >> 1, last >> 1);
        }

        return last == 0 && olderHash == older && newerHash == newer;
    }
}
