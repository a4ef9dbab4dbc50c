using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Proofs;

/// <summary>
/// Shows which value stands at a key of a <see cref="MerkleMap{TValue}"/>, or that none does. Byte table:
/// docs/formats/ledger-proofs.md.
/// </summary>
public sealed class MapProof
{
    private readonly Digest[] _siblings;

    /// <summary>Takes over the parts of a proof.</summary>
    /// <param name="siblings">The other children on the way from the root down; an empty one is 32 zero bytes.</param>
    /// <param name="foundKey">The key of the entry at the end of the way, or null if nothing stands there.</param>
    /// <param name="foundValue">The digest of that entry's value.</param>
    public MapProof(IEnumerable<Digest> siblings, Digest? foundKey, Digest foundValue)
    {
        _siblings = [.. siblings];
        FoundKey = foundKey;
        FoundValue = foundKey is null ? default : foundValue;
    }

    /// <summary>The other children on the way from the root down.</summary>
    public IReadOnlyList<Digest> Siblings => _siblings;

    /// <summary>
    /// The key of the entry at the end of the way; another key there shows that the asked one has none.
    /// </summary>
    public Digest? FoundKey { get; }

    /// <summary>The digest of that entry's value.</summary>
    public Digest FoundValue { get; }

    /// <summary>Whether the key has the value with this digest.</summary>
    /// <param name="key">The key.</param>
    /// <param name="valueDigest">The digest of the value.</param>
    /// <param name="root">The trusted root.</param>
    public bool VerifyPresence(Digest key, Digest valueDigest, Digest root) =>
        FoundKey == key && FoundValue == valueDigest && LeadsTo(key, root);

    /// <summary>Whether the key has no value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="root">The trusted root.</param>
    public bool VerifyAbsence(Digest key, Digest root) => FoundKey != key && LeadsTo(key, root);

    /// <summary>
    /// The root after a value was set, computed from this proof of what stood there before; how somebody without the
    /// map checks a change.
    /// </summary>
    /// <param name="key">The key that this proof is about; it must have been verified.</param>
    /// <param name="valueDigest">The digest of the new value.</param>
    public Digest RootAfterSet(Digest key, Digest valueDigest)
    {
        Span<byte> bits = stackalloc byte[Digest.SizeBytes];
        key.CopyTo(bits);
        Digest hash = MapPath.EntryHash(key, valueDigest);
        if (FoundKey is { } other && other != key)
        {
            Span<byte> otherBits = stackalloc byte[Digest.SizeBytes];
            other.CopyTo(otherBits);
            int shared = MapPath.SharedBits(bits, otherBits);
            hash = MapPath.Parent(bits, shared, hash, MapPath.EntryHash(other, FoundValue));
            for (int depth = shared - 1; depth >= _siblings.Length; depth--)
            {
                hash = MapPath.Parent(bits, depth, hash, default);
            }
        }

        return Climb(bits, hash);
    }

    /// <summary>Writes the proof.</summary>
    /// <param name="writer">Receives it.</param>
    public void WriteTo(WireWriter writer)
    {
        writer.Flag(FoundKey is not null);
        if (FoundKey is { } key)
        {
            writer.Digest(key).Digest(FoundValue);
        }

        writer.U16((ushort)_siblings.Length);
        foreach (Digest sibling in _siblings)
        {
            writer.Digest(sibling);
        }
    }

    /// <summary>Reads a proof; the reader fails if there is none.</summary>
    /// <param name="reader">Untrusted bytes.</param>
    /// <param name="proof">The proof, or null.</param>
    /// <returns>False, with a failed reader, if the bytes are no proof.</returns>
    public static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out MapProof? proof)
    {
        proof = null;
        Digest? key = null;
        Digest value = default;
        if (reader.Flag())
        {
            key = reader.Digest();
            value = reader.Digest();
        }

        int count = reader.U16();
        if (reader.Failed || count > MapPath.BitsMax || reader.Remaining < count * Digest.SizeBytes)
        {
            reader.Fail();
            return false;
        }

        var siblings = new Digest[count];
        for (int i = 0; i < count; i++)
        {
            siblings[i] = reader.Digest();
        }

        proof = new MapProof(siblings, key, value);
        return true;
    }

    private bool LeadsTo(Digest key, Digest root)
    {
        if (_siblings.Length > MapPath.BitsMax)
        {
            return false;
        }

        Span<byte> bits = stackalloc byte[Digest.SizeBytes];
        key.CopyTo(bits);
        if (FoundKey is not { } found)
        {
            return Climb(bits, default) == root;
        }

        Span<byte> foundBits = stackalloc byte[Digest.SizeBytes];
        found.CopyTo(foundBits);
        return MapPath.SharedBits(bits, foundBits) >= _siblings.Length
            && Climb(bits, MapPath.EntryHash(found, FoundValue)) == root;
    }

    private Digest Climb(ReadOnlySpan<byte> bits, Digest hash)
    {
        for (int depth = _siblings.Length - 1; depth >= 0; depth--)
        {
            hash = MapPath.Parent(bits, depth, hash, _siblings[depth]);
        }

        return hash;
    }
}
