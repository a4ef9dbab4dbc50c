using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Messaging.Channels.Certificates;

/// <summary>A self-signed ML-DSA-65 certificate that was checked, all but its time.</summary>
/// <standard>RFC 5280, section 4.1; RFC 9881. Byte table: docs/formats/node-certificate.md.</standard>
internal sealed class NodeCertificate
{
    /// <summary>The longest certificate that is read.</summary>
    public const int SizeMaxBytes = 16 * 1024;

    private const int SerialMaxBytes = 20;

    private NodeCertificate(byte[] publicKey, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        PublicKey = publicKey;
        NotBefore = notBefore;
        NotAfter = notAfter;
        Key = new MlDsa65VerificationKey(publicKey);
    }

    public ReadOnlyMemory<byte> PublicKey { get; }

    public DateTimeOffset NotBefore { get; }

    public DateTimeOffset NotAfter { get; }

    /// <summary>The same key, expanded: it verifies this certificate and the handshake.</summary>
    public MlDsa65VerificationKey Key { get; }

    public NodeId Id => Key.Id;

    /// <summary>Parses untrusted DER and verifies the self-signature.</summary>
    public static CertificateFault TryParse(ReadOnlySpan<byte> der, out NodeCertificate? certificate)
    {
        certificate = null;
        if (der.Length > SizeMaxBytes)
        {
            return CertificateFault.Malformed;
        }

        var file = new DerReader(der);
        DerReader outer = file.Inside(DerTag.Sequence);
        ReadOnlySpan<byte> body = outer.Element(DerTag.Sequence);
        bool isMlDsa65 = ReadAlgorithm(ref outer);
        ReadOnlySpan<byte> signature = ReadBitString(ref outer);
        if (!file.AtEnd || !outer.AtEnd)
        {
            return CertificateFault.Malformed;
        }

        CertificateFault fault = ParseBody(body, out NodeCertificate? parsed);
        if (fault != CertificateFault.None || !isMlDsa65)
        {
            return fault != CertificateFault.None ? fault : CertificateFault.Unsupported;
        }

        if (!parsed!.Key.Verify(body, default, signature))
        {
            return CertificateFault.BadSignature;
        }

        certificate = parsed;
        return CertificateFault.None;
    }

    /// <summary>Whether the time lies within the certificate's validity, both ends included.</summary>
    /// <remarks>Whole seconds are compared: adding one to the end of year 9999, "no end", would overflow.</remarks>
    public bool IsValidAt(DateTimeOffset now) =>
        now >= NotBefore && now.ToUnixTimeSeconds() <= NotAfter.ToUnixTimeSeconds();

    private static CertificateFault ParseBody(ReadOnlySpan<byte> body, out NodeCertificate? certificate)
    {
        certificate = null;
        var file = new DerReader(body);
        DerReader reader = file.Inside(DerTag.Sequence);
        bool isVersion3 = ReadVersion(ref reader);
        ReadOnlySpan<byte> serial = reader.Content(DerTag.Integer);
        bool isSignedByMlDsa65 = ReadAlgorithm(ref reader);
        ReadOnlySpan<byte> issuer = reader.Element(DerTag.Sequence);
        DerReader validity = reader.Inside(DerTag.Sequence);
        DateTimeOffset notBefore = DerTime.Read(ref validity);
        DateTimeOffset notAfter = DerTime.Read(ref validity);
        ReadOnlySpan<byte> subject = reader.Element(DerTag.Sequence);
        DerReader keyInfo = reader.Inside(DerTag.Sequence);
        bool isMlDsa65Key = ReadAlgorithm(ref keyInfo);
        ReadOnlySpan<byte> publicKey = ReadBitString(ref keyInfo);
        CertificateFault extensionFault = CertificateExtensions.Read(ref reader);
        if (!validity.AtEnd || !keyInfo.AtEnd || !reader.AtEnd || !file.AtEnd
            || !IsPositive(serial) || !IsName(subject) || notBefore > notAfter
            || extensionFault == CertificateFault.Malformed)
        {
            return CertificateFault.Malformed;
        }

        if (!isVersion3 || !isSignedByMlDsa65 || !isMlDsa65Key || publicKey.Length != MlDsa65.PublicKeySize
            || !issuer.SequenceEqual(subject) || extensionFault != CertificateFault.None)
        {
            return CertificateFault.Unsupported;
        }

        certificate = new NodeCertificate(publicKey.ToArray(), notBefore, notAfter);
        return CertificateFault.None;
    }

    private static bool ReadVersion(ref DerReader reader)
    {
        if (reader.PeekTag != DerTag.Version)
        {
            return false; // Version 1 has no such field.
        }

        DerReader version = reader.Inside(DerTag.Version);
        ReadOnlySpan<byte> value = version.Content(DerTag.Integer);
        if (!version.AtEnd)
        {
            reader.Fail();
        }

        return value is [2];
    }

    private static bool ReadAlgorithm(ref DerReader reader)
    {
        DerReader algorithm = reader.Inside(DerTag.Sequence);
        ReadOnlySpan<byte> oid = algorithm.Content(DerTag.ObjectIdentifier);
        if (algorithm.Failed)
        {
            reader.Fail();
            return false;
        }

        // RFC 9881 section 2: the parameters are absent.
        return algorithm.AtEnd && oid.SequenceEqual(CertificateOid.MlDsa65Der);
    }

    private static ReadOnlySpan<byte> ReadBitString(ref DerReader reader)
    {
        ReadOnlySpan<byte> content = reader.Content(DerTag.BitString);
        if (content.IsEmpty || content[0] != 0)
        {
            reader.Fail();
            return default;
        }

        return content[1..];
    }

    private static bool IsPositive(ReadOnlySpan<byte> serial) => serial.Length switch
    {
        0 or > SerialMaxBytes => false,
        1 => serial[0] is > 0 and < 0x80,
        _ => serial[0] < 0x80 && (serial[0] != 0 || serial[1] >= 0x80),
    };

    private static bool IsName(ReadOnlySpan<byte> name)
    {
        var file = new DerReader(name);
        DerReader parts = file.Inside(DerTag.Sequence);
        while (!parts.AtEnd && !parts.Failed)
        {
            DerReader set = parts.Inside(DerTag.Set);
            do
            {
                DerReader attribute = set.Inside(DerTag.Sequence);
                attribute.Content(DerTag.ObjectIdentifier);
                attribute.Any();
                if (!attribute.AtEnd)
                {
                    return false;
                }
            }
            while (!set.AtEnd);
        }

        return parts.AtEnd && file.AtEnd;
    }
}
