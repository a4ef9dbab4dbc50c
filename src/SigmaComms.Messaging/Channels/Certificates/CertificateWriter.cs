using System.Formats.Asn1;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Messaging.Channels.Certificates;

/// <summary>Writes a self-signed certificate of the node profile.</summary>
/// <standard>RFC 5280, section 4.1; RFC 9881, sections 2 and 4 (no parameters, empty context).</standard>
internal static class CertificateWriter
{
    private const int SerialSizeBytes = 16;
    private static readonly Asn1Tag VersionTag = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag ExtensionsTag = new(TagClass.ContextSpecific, 3, isConstructed: true);

    public static byte[] Write(
        MlDsa65SigningKey key,
        string commonName,
        DateTimeOffset notBefore,
        DateTimeOffset notAfter,
        IRandomSource random)
    {
        byte[] body = WriteBody(key, commonName, notBefore, notAfter, random);
        byte[] signature = key.Sign(body, default, random);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(body);
            WriteAlgorithm(writer);
            writer.WriteBitString(signature);
        }

        return writer.Encode();
    }

    private static byte[] WriteBody(
        MlDsa65SigningKey key,
        string commonName,
        DateTimeOffset notBefore,
        DateTimeOffset notAfter,
        IRandomSource random)
    {
        Span<byte> serial = stackalloc byte[SerialSizeBytes];
        random.Fill(serial);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40); // Positive and never shorter.
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(VersionTag))
            {
                writer.WriteInteger(2);
            }

            writer.WriteInteger(serial);
            WriteAlgorithm(writer);
            WriteName(writer, commonName);
            using (writer.PushSequence())
            {
                WriteTime(writer, notBefore);
                WriteTime(writer, notAfter);
            }

            WriteName(writer, commonName);
            using (writer.PushSequence())
            {
                WriteAlgorithm(writer);
                writer.WriteBitString(key.PublicKey.Span);
            }

            WriteExtensions(writer);
        }

        return writer.Encode();
    }

    private static void WriteAlgorithm(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(CertificateOid.MlDsa65);
        }
    }

    private static void WriteName(AsnWriter writer, string commonName)
    {
        using (writer.PushSequence())
        using (writer.PushSetOf())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(CertificateOid.CommonName);
            writer.WriteCharacterString(UniversalTagNumber.UTF8String, commonName);
        }
    }

    private static void WriteTime(AsnWriter writer, DateTimeOffset time)
    {
        if (time.UtcDateTime.Year is >= 1950 and < 2050)
        {
            writer.WriteUtcTime(time, 2049);
        }
        else
        {
            writer.WriteGeneralizedTime(time, omitFractionalSeconds: true);
        }
    }

    // Not an authority, and the key signs: both critical.
    private static void WriteExtensions(AsnWriter writer)
    {
        using (writer.PushSequence(ExtensionsTag))
        using (writer.PushSequence())
        {
            WriteExtension(writer, CertificateOid.BasicConstraints, [DerTag.Sequence, 0]);
            WriteExtension(writer, CertificateOid.KeyUsage, [DerTag.BitString, 2, 7, 0x80]);
        }
    }

    private static void WriteExtension(AsnWriter writer, string oid, ReadOnlySpan<byte> value)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            writer.WriteBoolean(true);
            writer.WriteOctetString(value);
        }
    }
}
