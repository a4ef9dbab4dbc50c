using System.Buffers.Binary;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Vault.Sealing;

/// <summary>What the namespace keeps of a stripe: with the content key and k fragments, enough to read it.</summary>
/// <remarks>
/// Immutable. It holds its canonical bytes and nothing else, so that a million of them stay small. It belongs in the
/// sealed namespace: who has it and the content key still needs the data of k fragments.
/// </remarks>
/// <standard>docs/formats/vault-stripe.md.</standard>
public sealed class StripeEntry : IEquatable<StripeEntry>
{
    /// <summary>Size of the sealed key: 32 bytes.</summary>
    public const int SealedKeySize = 32;

    /// <summary>Size of the body's tag: 16 bytes.</summary>
    public const int TagSize = 16;

    /// <summary>Size without the roots: 71 bytes.</summary>
    public const int HeadSize = RootsAt;

    private const byte Version = 1;
    private const int StripeAt = 1;
    private const int LengthAt = StripeAt + StripeId.SizeBytes;
    private const int DataAt = LengthAt + sizeof(uint);
    private const int ParityAt = DataAt + 1;
    private const int SealedKeyAt = ParityAt + 1;
    private const int TagAt = SealedKeyAt + SealedKeySize;
    private const int RootsAt = TagAt + TagSize;

    private readonly byte[] _encoded;

    /// <summary>Puts together an entry.</summary>
    /// <param name="stripe">The stripe's id.</param>
    /// <param name="layout">Its sizes.</param>
    /// <param name="sealedKey">32 bytes: the stripe's key XOR the lock.</param>
    /// <param name="tag">16 bytes: the body's authentication tag.</param>
    /// <param name="roots">The k + m Merkle roots, in the fragments' order.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public StripeEntry(
        StripeId stripe,
        StripeLayout layout,
        ReadOnlySpan<byte> sealedKey,
        ReadOnlySpan<byte> tag,
        ReadOnlySpan<Digest> roots)
    {
        if (layout.Fragments == 0 || roots.Length != layout.Fragments
            || sealedKey.Length != SealedKeySize || tag.Length != TagSize)
        {
            throw new ArgumentException("Key, tag or roots have not the size that the layout asks.", nameof(roots));
        }

        _encoded = new byte[RootsAt + (roots.Length * Digest.SizeBytes)];
        _encoded[0] = Version;
        stripe.CopyTo(_encoded.AsSpan(StripeAt));
        BinaryPrimitives.WriteInt32BigEndian(_encoded.AsSpan(LengthAt), layout.PlaintextLength);
        _encoded[DataAt] = (byte)layout.DataFragments;
        _encoded[ParityAt] = (byte)layout.ParityFragments;
        sealedKey.CopyTo(_encoded.AsSpan(SealedKeyAt));
        tag.CopyTo(_encoded.AsSpan(TagAt));
        for (int i = 0; i < roots.Length; i++)
        {
            roots[i].CopyTo(_encoded.AsSpan(RootsAt + (i * Digest.SizeBytes)));
        }
    }

    private StripeEntry(byte[] encoded) => _encoded = encoded;

    /// <summary>The stripe's id.</summary>
    public StripeId Stripe => new(_encoded.AsSpan(StripeAt, StripeId.SizeBytes));

    /// <summary>Bytes of plaintext: 1 to 8 MiB.</summary>
    public int PlaintextLength => BinaryPrimitives.ReadInt32BigEndian(_encoded.AsSpan(LengthAt));

    /// <summary>k, the fragments that are needed.</summary>
    public int DataFragments => _encoded[DataAt];

    /// <summary>m, the fragments that may be lost.</summary>
    public int ParityFragments => _encoded[ParityAt];

    /// <summary>k + m.</summary>
    public int Fragments => DataFragments + ParityFragments;

    /// <summary>The sizes of the stripe.</summary>
    public StripeLayout Layout => new(PlaintextLength, DataFragments, ParityFragments);

    /// <summary>The stripe's key XOR the lock: 32 bytes.</summary>
    public ReadOnlySpan<byte> SealedKey => _encoded.AsSpan(SealedKeyAt, SealedKeySize);

    /// <summary>The body's authentication tag: 16 bytes.</summary>
    public ReadOnlySpan<byte> Tag => _encoded.AsSpan(TagAt, TagSize);

    /// <summary>The canonical bytes.</summary>
    public ReadOnlyMemory<byte> Encoded => _encoded;

    /// <summary>The Merkle root of a fragment.</summary>
    /// <param name="index">0 to k + m - 1; data fragments come first.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such fragment.</exception>
    public Digest Root(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Fragments);
        return new Digest(_encoded.AsSpan(RootsAt + (index * Digest.SizeBytes), Digest.SizeBytes));
    }

    /// <summary>Writes the canonical bytes.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(WireWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Fixed(_encoded);
    }

    /// <summary>Reads an entry out of untrusted bytes; its own numbers say where it ends.</summary>
    /// <param name="reader">Where from; it fails if there is no entry.</param>
    /// <returns>The entry, or null if the reader failed.</returns>
    public static StripeEntry? Read(ref WireReader reader)
    {
        WireReader head = reader;
        byte version = head.U8();
        head.Fixed(StripeId.SizeBytes);
        uint plaintextLength = head.U32();
        int data = head.U8();
        int parity = head.U8();
        if (head.Failed || version != Version || plaintextLength > VaultShape.StripeSizeMaxBytes
            || !StripeLayout.IsValid((int)plaintextLength, data, parity))
        {
            reader.Fail();
            return null;
        }

        ReadOnlySpan<byte> encoded = reader.Fixed(RootsAt + ((data + parity) * Digest.SizeBytes));
        return reader.Failed ? null : new StripeEntry(encoded.ToArray());
    }

    /// <summary>Reads an entry that must be all of the untrusted bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="entry">The entry, or null.</param>
    /// <returns>False if they are anything else than one entry.</returns>
    public static bool TryDecode(
        ReadOnlySpan<byte> bytes, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out StripeEntry? entry)
    {
        WireReader reader = new(bytes);
        entry = Read(ref reader);
        entry = reader.AtEnd ? entry : null;
        return entry is not null;
    }

    /// <inheritdoc/>
    public bool Equals(StripeEntry? other) => other is not null && _encoded.AsSpan().SequenceEqual(other._encoded);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as StripeEntry);

    /// <inheritdoc/>
    public override int GetHashCode() => Stripe.GetHashCode();

    /// <summary>The stripe's id, the plaintext's length and the numbers of fragments; no key.</summary>
    public override string ToString() =>
        $"stripe {Stripe}, {PlaintextLength} B, {DataFragments}+{ParityFragments}";
}
