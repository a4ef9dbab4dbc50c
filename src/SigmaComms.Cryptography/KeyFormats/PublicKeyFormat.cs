using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;

namespace SigmaComms.Cryptography.KeyFormats;

/// <summary>Reads and writes public keys as SubjectPublicKeyInfo, in DER and PEM.</summary>
/// <remarks>Safe to call from any thread.</remarks>
/// <standard>RFC 5280, section 4.1.2.7; RFC 9935, 9881, 9909, 8410 (contents); RFC 7468, section 13.</standard>
public static class PublicKeyFormat
{
    private const int OverheadMax = 64;
    private const byte SequenceTag = 0x30;
    private const byte BitStringTag = 0x03;
    private const byte IdentifierTag = 0x06;

    /// <summary>Writes a key in DER.</summary>
    /// <param name="type">Its algorithm.</param>
    /// <param name="publicKey">The key.</param>
    /// <exception cref="ArgumentException">It is no public key of that algorithm.</exception>
    public static byte[] EncodeDer(KeyType type, ReadOnlySpan<byte> publicKey)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (!type.Operations.IsPublicKey(publicKey))
        {
            throw new ArgumentException($"It is no public key of {type}.", nameof(publicKey));
        }

        DerBuilder der = new(new byte[publicKey.Length + OverheadMax]);
        int end = der.Position;
        der.Prepend(publicKey);
        der.Prepend([0]);
        der.Wrap(BitStringTag, end);
        PrependAlgorithm(ref der, type);
        der.Wrap(SequenceTag, end);
        return der.Written.ToArray();
    }

    /// <summary>Writes a key in PEM, as UTF-8.</summary>
    /// <param name="type">Its algorithm.</param>
    /// <param name="publicKey">The key.</param>
    /// <exception cref="ArgumentException">It is no public key of that algorithm.</exception>
    public static byte[] EncodePem(KeyType type, ReadOnlySpan<byte> publicKey)
    {
        using SecretBytes pem = KeyPem.Encode(KeyPem.PublicKeyLabel, EncodeDer(type, publicKey));
        return pem.Span.ToArray();
    }

    /// <summary>Reads a key in DER.</summary>
    /// <param name="der">Untrusted bytes.</param>
    /// <param name="type">Receives its algorithm.</param>
    /// <param name="publicKey">Receives the key.</param>
    /// <returns>False if it is not exactly one valid key of a known algorithm.</returns>
    public static bool TryDecodeDer(
        ReadOnlySpan<byte> der, [NotNullWhen(true)] out KeyType? type, [NotNullWhen(true)] out byte[]? publicKey)
    {
        DerReader outer = new(der);
        DerReader info = outer.Sequence();
        type = ReadAlgorithm(ref info);
        ReadOnlySpan<byte> key = info.BitString(Asn1Tag.PrimitiveBitString);
        if (type is null || !info.AtEnd || !outer.AtEnd || !type.Operations.IsPublicKey(key))
        {
            type = null;
            publicKey = null;
            return false;
        }

        publicKey = key.ToArray();
        return true;
    }

    /// <summary>Reads a key in PEM.</summary>
    /// <param name="pem">Untrusted UTF-8: one block, with white space only around it.</param>
    /// <param name="type">Receives its algorithm.</param>
    /// <param name="publicKey">Receives the key.</param>
    /// <returns>False if it is not exactly one valid key of a known algorithm.</returns>
    public static bool TryDecodePem(
        ReadOnlySpan<byte> pem, [NotNullWhen(true)] out KeyType? type, [NotNullWhen(true)] out byte[]? publicKey)
    {
        using SecretBytes? der = KeyPem.Decode(KeyPem.PublicKeyLabel, pem);
        return TryDecodeDer(der is null ? default : der.Span, out type, out publicKey);
    }

    /// <summary>Puts an AlgorithmIdentifier without parameters before what was written.</summary>
    internal static void PrependAlgorithm(ref DerBuilder der, KeyType type)
    {
        int end = der.Position;
        der.Prepend(type.Identifier);
        der.Wrap(IdentifierTag, end);
        der.Wrap(SequenceTag, end);
    }

    /// <summary>Reads an AlgorithmIdentifier; null if it is unknown or has parameters.</summary>
    internal static KeyType? ReadAlgorithm(ref DerReader reader)
    {
        DerReader algorithm = reader.Sequence();
        KeyType? type = KeyType.Find(algorithm.Value(Asn1Tag.ObjectIdentifier));
        return algorithm.AtEnd ? type : null;
    }
}
