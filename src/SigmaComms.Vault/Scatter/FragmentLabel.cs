using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Vault.Erasure;

namespace SigmaComms.Vault.Scatter;

/// <summary>What a storage node learns of a fragment: enough to check, repair and clear it without a key.</summary>
/// <remarks>
/// The names of all siblings go with each fragment, so that holders can rebuild a lost one from any k others and know
/// that it is right.
/// </remarks>
/// <standard>docs/formats/vault-stripe.md.</standard>
public sealed class FragmentLabel : IEquatable<FragmentLabel>
{
    /// <summary>The longest fragment: 8 MiB.</summary>
    public const int LengthMax = VaultShape.StripeSizeMaxBytes;

    private const byte Version = 1;

    private readonly FragmentName[] _siblings;

    /// <summary>Puts together a label.</summary>
    /// <param name="vault">The vault's id.</param>
    /// <param name="stripe">The stripe's id.</param>
    /// <param name="dataFragments">k.</param>
    /// <param name="index">Which fragment it is, from 0.</param>
    /// <param name="length">Bytes of the fragment.</param>
    /// <param name="siblings">The names of all k + m fragments, its own among them.</param>
    /// <exception cref="ArgumentException">The numbers do not fit together.</exception>
    public FragmentLabel(
        Digest vault,
        StripeId stripe,
        int dataFragments,
        int index,
        int length,
        IReadOnlyList<FragmentName> siblings)
    {
        ArgumentNullException.ThrowIfNull(siblings);
        if (!IsValid(dataFragments, siblings.Count - dataFragments, index, length))
        {
            throw new ArgumentException("There is no such fragment.", nameof(siblings));
        }

        Vault = vault;
        Stripe = stripe;
        DataFragments = dataFragments;
        Index = index;
        Length = length;
        _siblings = [.. siblings];
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

    /// <summary>The names of all k + m fragments, in order.</summary>
    public IReadOnlyList<FragmentName> Siblings => _siblings;

    /// <summary>Its own id.</summary>
    public FragmentId Id => _siblings[Index].Id;

    /// <summary>Its own root.</summary>
    public Digest Root => _siblings[Index].Root;

    /// <summary>The label of a sibling.</summary>
    /// <param name="index">Which one, from 0.</param>
    /// <exception cref="ArgumentException">There is no such fragment.</exception>
    public FragmentLabel Of(int index) => new(Vault, Stripe, DataFragments, index, Length, _siblings);

    /// <summary>Writes the canonical bytes.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(WireWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Span<byte> stripe = stackalloc byte[StripeId.SizeBytes];
        Stripe.CopyTo(stripe);
        writer.U8(Version).Digest(Vault).Fixed(stripe)
            .U8((byte)DataFragments).U8((byte)ParityFragments).U8((byte)Index).U32((uint)Length);
        foreach (FragmentName sibling in _siblings)
        {
            writer.Digest(sibling.Id.Value).Digest(sibling.Root);
        }
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
        if (reader.Failed || version != Version || length > LengthMax || !IsValid(data, parity, index, (int)length))
        {
            reader.Fail();
            return null;
        }

        FragmentName[] siblings = new FragmentName[data + parity];
        for (int i = 0; i < siblings.Length; i++)
        {
            siblings[i] = new FragmentName(new FragmentId(reader.Digest()), reader.Digest());
        }

        StripeId id = new(stripe);
        return reader.Failed ? null : new FragmentLabel(vault, id, data, index, (int)length, siblings);
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

    /// <inheritdoc/>
    public bool Equals(FragmentLabel? other) =>
        other is not null
        && Vault == other.Vault
        && Stripe == other.Stripe
        && DataFragments == other.DataFragments
        && Index == other.Index
        && Length == other.Length
        && _siblings.AsSpan().SequenceEqual(other._siblings);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FragmentLabel);

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode();

    private static bool IsValid(int data, int parity, int index, int length) =>
        new VaultShape(data, parity, VaultShape.StripeSizeMaxBytes).IsValid
        && index >= 0
        && index < data + parity
        && length is >= ErasureCode.FragmentUnitBytes and <= LengthMax
        && length % ErasureCode.FragmentUnitBytes == 0;
}
