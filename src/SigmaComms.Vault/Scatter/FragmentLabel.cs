using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Vault.Erasure;

namespace SigmaComms.Vault.Scatter;

/// <summary>What a storage node learns of a fragment: enough to check, repair and clear it without a key.</summary>
/// <remarks>
/// The roots of all siblings go with each fragment, so that holders can rebuild a lost one from any k others and know
/// that it is right. The ids follow from the label: whoever knows an id cannot make another label that has it, so
/// nobody can put something else under the name of a fragment that is to come.
/// </remarks>
/// <standard>docs/formats/vault-stripe.md.</standard>
public sealed class FragmentLabel : IEquatable<FragmentLabel>
{
    /// <summary>The longest fragment: 8 MiB.</summary>
    public const int LengthMax = VaultShape.StripeSizeMaxBytes;

    /// <summary>The longest label: of a stripe of 255 fragments.</summary>
    public const int EncodedSizeMax = HeadSize + (VaultShape.FragmentsMax * Digest.SizeBytes);

    private const byte Version = 2;
    private const int HeadSize = 88;

    private readonly FragmentName[] _siblings;

    /// <summary>Puts together a label.</summary>
    /// <param name="vault">The vault's id.</param>
    /// <param name="stripe">The stripe's id.</param>
    /// <param name="dataFragments">k.</param>
    /// <param name="index">Which fragment it is, from 0.</param>
    /// <param name="length">Bytes of the fragment.</param>
    /// <param name="address">What the placement key makes of the stripe's id.</param>
    /// <param name="roots">The roots of all k + m fragments, its own among them.</param>
    /// <exception cref="ArgumentException">The numbers do not fit together.</exception>
    public FragmentLabel(
        Digest vault,
        StripeId stripe,
        int dataFragments,
        int index,
        int length,
        Digest address,
        IReadOnlyList<Digest> roots)
    {
        ArgumentNullException.ThrowIfNull(roots);
        if (!IsValid(dataFragments, roots.Count - dataFragments, index, length))
        {
            throw new ArgumentException("There is no such fragment.", nameof(roots));
        }

        Vault = vault;
        Stripe = stripe;
        DataFragments = dataFragments;
        Index = index;
        Length = length;
        Address = address;
        _siblings = [.. roots.Select(static root => new FragmentName(default, root))];
        NameAll();
    }

    private FragmentLabel(FragmentLabel sibling, int index)
    {
        (Vault, Stripe, DataFragments) = (sibling.Vault, sibling.Stripe, sibling.DataFragments);
        (Index, Length, Address) = (index, sibling.Length, sibling.Address);
        _siblings = sibling._siblings;
    }

    /// <summary>The vault's id, whose log says when the stripe is dropped.</summary>
    public Digest Vault { get; }

    /// <summary>The stripe's id.</summary>
    public StripeId Stripe { get; }

    /// <summary>k, the fragments that are needed.</summary>
    public int DataFragments { get; }

    /// <summary>m, the fragments that may be lost.</summary>
    public int ParityFragments => _siblings.Length - DataFragments;

    /// <summary>Which fragment it is, from 0.</summary>
    public int Index { get; }

    /// <summary>Bytes of the fragment: a multiple of 64.</summary>
    public int Length { get; }

    /// <summary>What the placement key makes of the stripe's id: without the key no id can be foreseen.</summary>
    public Digest Address { get; }

    /// <summary>The names of all k + m fragments, in order.</summary>
    public IReadOnlyList<FragmentName> Siblings => _siblings;

    /// <summary>Its own id.</summary>
    public FragmentId Id => _siblings[Index].Id;

    /// <summary>Its own root.</summary>
    public Digest Root => _siblings[Index].Root;

    /// <summary>The label of a sibling.</summary>
    /// <param name="index">Which one, from 0.</param>
    /// <exception cref="ArgumentException">There is no such fragment.</exception>
    public FragmentLabel Of(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _siblings.Length);
        return new FragmentLabel(this, index);
    }

    /// <summary>Writes the canonical bytes.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(WireWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Write(writer, Index);
    }

    /// <summary>Reads a label out of untrusted bytes.</summary>
    /// <param name="reader">Where from; it fails if there is no label.</param>
    /// <returns>The label, or null if the reader failed.</returns>
    public static FragmentLabel? Read(ref WireReader reader)
    {
        byte version = reader.U8();
        Digest vault = reader.Digest();
        ReadOnlySpan<byte> stripe = reader.Fixed(StripeId.SizeBytes);
        int data = reader.U8();
        int parity = reader.U8();
        int index = reader.U8();
        uint length = reader.U32();
        Digest address = reader.Digest();
        if (reader.Failed || version != Version || length > LengthMax || !IsValid(data, parity, index, (int)length))
        {
            reader.Fail();
            return null;
        }

        StripeId id = new(stripe);
        Digest[] roots = new Digest[data + parity];
        for (int i = 0; i < roots.Length; i++)
        {
            roots[i] = reader.Digest();
        }

        return reader.Failed ? null : new FragmentLabel(vault, id, data, index, (int)length, address, roots);
    }

    /// <summary>Reads a label that must be all of the untrusted bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="label">The label, or null.</param>
    /// <returns>False if they are anything else than one label.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out FragmentLabel? label)
    {
        WireReader reader = new(bytes);
        label = Read(ref reader);
        label = reader.AtEnd ? label : null;
        return label is not null;
    }

    /// <summary>Whether it is the same label: then its id is the same, and never else.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(FragmentLabel? other) => other is not null && Id == other.Id;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FragmentLabel);

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode();

    private void Write(WireWriter writer, int index)
    {
        Span<byte> stripe = stackalloc byte[StripeId.SizeBytes];
        Stripe.CopyTo(stripe);
        writer.U8(Version).Digest(Vault).Fixed(stripe)
            .U8((byte)DataFragments).U8((byte)ParityFragments).U8((byte)index).U32((uint)Length).Digest(Address);
        foreach (FragmentName sibling in _siblings)
        {
            writer.Digest(sibling.Root);
        }
    }

    // Each id is a hash of the label of fragment 0 and of the index.
    private void NameAll()
    {
        WireWriter writer = new();
        writer.Fixed("sigma vault fragments 2"u8);
        Write(writer, index: 0);
        Span<byte> hashed = stackalloc byte[Digest.SizeBytes + 1];
        Digest.Sha256(writer.Written).CopyTo(hashed);
        for (int i = 0; i < _siblings.Length; i++)
        {
            hashed[^1] = (byte)i;
            _siblings[i] = _siblings[i] with { Id = new FragmentId(Digest.Sha256(hashed)) };
        }
    }

    private static bool IsValid(int data, int parity, int index, int length) =>
        new VaultShape(data, parity, VaultShape.StripeSizeMaxBytes).IsValid
        && index >= 0
        && index < data + parity
        && length is >= ErasureCode.FragmentUnitBytes and <= LengthMax
        && length % ErasureCode.FragmentUnitBytes == 0;
}
