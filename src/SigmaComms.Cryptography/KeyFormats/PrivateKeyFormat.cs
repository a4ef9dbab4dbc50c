using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;

namespace SigmaComms.Cryptography.KeyFormats;

/// <summary>Reads and writes private keys as PKCS #8, in DER and PEM, without encryption.</summary>
/// <remarks>
/// A long key that is read is checked: its own hash or ranges, that it is the seed's where both are there, and that a
/// public key beside it is its own. Safe to call from any thread.
/// </remarks>
/// <standard>RFC 5958; RFC 9935, 9881 and 9909, section 6; RFC 8410, section 7; RFC 7468, section 10.</standard>
public static class PrivateKeyFormat
{
    private const int OverheadMax = 64;
    private const byte SequenceTag = 0x30;
    private const byte OctetStringTag = 0x04;
    private const byte SeedTag = 0x80;

    private static readonly Asn1Tag Seed = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag PublicKey = new(TagClass.ContextSpecific, 1);

    // Version 1, written as 0.
    private static ReadOnlySpan<byte> VersionOne => [0x02, 0x01, 0x00];

    /// <summary>Writes a key in DER.</summary>
    /// <param name="type">Its algorithm.</param>
    /// <param name="privateKey">The key, the seed where there is one.</param>
    /// <param name="form">What is written of it.</param>
    /// <returns>The bytes; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">It is no private key of that algorithm, or it has no such form.</exception>
    public static SecretBytes EncodeDer(
        KeyType type, ReadOnlySpan<byte> privateKey, PrivateKeyForm form = PrivateKeyForm.Seed)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (!type.Operations.IsPrivateKey(privateKey))
        {
            throw new ArgumentException($"It is no private key of {type}.", nameof(privateKey));
        }

        if (form != PrivateKeyForm.Seed && (!Enum.IsDefined(form) || type.ExpandedKeySize == 0))
        {
            throw new ArgumentException($"{type} has no such form.", nameof(form));
        }

        using SecretBytes room = new(type.PrivateKeySize + type.ExpandedKeySize + OverheadMax);
        DerBuilder der = new(room.Span);
        int end = der.Position;
        PrependContent(ref der, type, privateKey, form);
        der.Wrap(OctetStringTag, end);
        PublicKeyFormat.PrependAlgorithm(ref der, type);
        der.Prepend(VersionOne);
        der.Wrap(SequenceTag, end);
        return new SecretBytes(der.Written);
    }

    /// <summary>Writes a key in PEM, as UTF-8.</summary>
    /// <param name="type">Its algorithm.</param>
    /// <param name="privateKey">The key, the seed where there is one.</param>
    /// <param name="form">What is written of it.</param>
    /// <returns>The text; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">It is no private key of that algorithm, or it has no such form.</exception>
    public static SecretBytes EncodePem(
        KeyType type, ReadOnlySpan<byte> privateKey, PrivateKeyForm form = PrivateKeyForm.Seed)
    {
        using SecretBytes der = EncodeDer(type, privateKey, form);
        return KeyPem.Encode(KeyPem.PrivateKeyLabel, der.Span);
    }

    /// <summary>Reads a key in DER.</summary>
    /// <param name="der">Untrusted bytes.</param>
    /// <param name="key">Receives the key; the caller disposes it.</param>
    /// <returns>False if it is not exactly one key of a known algorithm whose parts belong together.</returns>
    public static bool TryDecodeDer(ReadOnlySpan<byte> der, [NotNullWhen(true)] out ImportedPrivateKey? key)
    {
        key = null;
        DerReader outer = new(der);
        DerReader info = outer.Sequence();
        int version = info.SmallInteger();
        KeyType? type = PublicKeyFormat.ReadAlgorithm(ref info);
        ReadOnlySpan<byte> content = info.OctetString();
        ReadOnlySpan<byte> publicKey = version == 1 ? info.BitString(PublicKey) : default;
        if (type is null
            || version is not (0 or 1)
            || !info.AtEnd
            || !outer.AtEnd
            || !TryReadContent(type, content, out ReadOnlySpan<byte> privateKey, out ReadOnlySpan<byte> expandedKey)
            || !Belong(type, privateKey, expandedKey)
            || (version == 1 && !HavePublicKey(type, privateKey, expandedKey, publicKey)))
        {
            return false;
        }

        key = new ImportedPrivateKey(type, privateKey, expandedKey);
        return true;
    }

    /// <summary>Reads a key in PEM.</summary>
    /// <param name="pem">Untrusted UTF-8: one block, with white space only around it.</param>
    /// <param name="key">Receives the key; the caller disposes it.</param>
    /// <returns>False if it is not exactly one key of a known algorithm whose parts belong together.</returns>
    public static bool TryDecodePem(ReadOnlySpan<byte> pem, [NotNullWhen(true)] out ImportedPrivateKey? key)
    {
        using SecretBytes? der = KeyPem.Decode(KeyPem.PrivateKeyLabel, pem);
        return TryDecodeDer(der is null ? default : der.Span, out key);
    }

    private static void PrependContent(
        ref DerBuilder der, KeyType type, ReadOnlySpan<byte> privateKey, PrivateKeyForm form)
    {
        int end = der.Position;
        if (form != PrivateKeyForm.Seed)
        {
            using SecretBytes expanded = new(type.ExpandedKeySize);
            type.Operations.Expand(privateKey, expanded.Span);
            der.Prepend(expanded.Span);
            der.Wrap(OctetStringTag, end);
            if (form == PrivateKeyForm.Expanded)
            {
                return;
            }
        }

        int seedEnd = der.Position;
        der.Prepend(privateKey);
        if (form == PrivateKeyForm.Both)
        {
            der.Wrap(OctetStringTag, seedEnd);
            der.Wrap(SequenceTag, end);
        }
        else if (type.ExpandedKeySize > 0)
        {
            der.Wrap(SeedTag, seedEnd);
        }
        else if (type.Operations.IsWrapped)
        {
            der.Wrap(OctetStringTag, seedEnd);
        }
    }

    private static bool TryReadContent(
        KeyType type,
        ReadOnlySpan<byte> content,
        out ReadOnlySpan<byte> privateKey,
        out ReadOnlySpan<byte> expandedKey)
    {
        expandedKey = default;
        DerReader reader = new(content);
        if (type.ExpandedKeySize == 0)
        {
            privateKey = type.Operations.IsWrapped ? reader.OctetString() : content;
            return !type.Operations.IsWrapped || reader.AtEnd;
        }

        privateKey = default;
        if (reader.Next(Seed))
        {
            privateKey = reader.Value(Seed);
            return reader.AtEnd;
        }

        if (reader.Next(Asn1Tag.PrimitiveOctetString))
        {
            expandedKey = reader.OctetString();
            return reader.AtEnd;
        }

        DerReader both = reader.Sequence();
        privateKey = both.OctetString();
        expandedKey = both.OctetString();
        return both.AtEnd && reader.AtEnd && !privateKey.IsEmpty && !expandedKey.IsEmpty;
    }

    private static bool Belong(KeyType type, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> expandedKey)
    {
        if (expandedKey.IsEmpty)
        {
            return type.Operations.IsPrivateKey(privateKey);
        }

        if (!type.Operations.IsExpandedKey(expandedKey))
        {
            return false;
        }

        if (privateKey.IsEmpty)
        {
            return true;
        }

        if (!type.Operations.IsPrivateKey(privateKey))
        {
            return false;
        }

        using SecretBytes expected = new(type.ExpandedKeySize);
        type.Operations.Expand(privateKey, expected.Span);
        return expected.FixedTimeEquals(expandedKey);
    }

    private static bool HavePublicKey(
        KeyType type, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> expandedKey, ReadOnlySpan<byte> publicKey)
    {
        if (privateKey.IsEmpty)
        {
            return type.Operations.Belongs(expandedKey, publicKey);
        }

        byte[] derived = new byte[type.PublicKeySize];
        type.Operations.DerivePublicKey(privateKey, derived);
        return CryptographicOperations.FixedTimeEquals(derived, publicKey);
    }
}
