using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Channels.Certificates;

namespace SigmaComms.Messaging.Channels.Handshakes;

/// <summary>The Certificate message of this profile: an empty context and one certificate without extensions.</summary>
/// <standard>RFC 8446, section 4.4.2.</standard>
internal static class CertificateMessage
{
    public static byte[] Encode(ReadOnlySpan<byte> certificate)
    {
        var list = new WireWriter(certificate.Length + 5);
        list.Opaque24(certificate).U16(0);
        var body = new WireWriter(list.Length + 4);
        body.Opaque8(default).Opaque24(list.Written);
        return HandshakeMessage.Build(HandshakeType.Certificate, body.Written);
    }

    /// <summary>Decodes the message and parses its certificate.</summary>
    /// <param name="body">Untrusted bytes.</param>
    /// <param name="emptyAlert">The alert for an empty list: it depends on the role.</param>
    /// <param name="certificate">The certificate whose self-signature verifies.</param>
    /// <returns>Null, or the alert to send.</returns>
    public static TlsAlert? TryParse(
        ReadOnlySpan<byte> body, TlsAlert emptyAlert, out NodeCertificate? certificate)
    {
        certificate = null;
        var reader = new WireReader(body);
        ReadOnlySpan<byte> context = reader.Opaque8();
        var list = new WireReader(reader.Opaque24(HandshakeMessage.CertificateMax));
        if (!reader.AtEnd)
        {
            return TlsAlert.DecodeError;
        }

        if (!context.IsEmpty)
        {
            return TlsAlert.IllegalParameter;
        }

        if (list.AtEnd)
        {
            return emptyAlert;
        }

        ReadOnlySpan<byte> der = list.Opaque24(HandshakeMessage.CertificateMax);
        ReadOnlySpan<byte> extensions = list.Opaque16();
        if (list.Failed || der.IsEmpty)
        {
            return TlsAlert.DecodeError;
        }

        if (!extensions.IsEmpty)
        {
            return TlsAlert.UnsupportedExtension;
        }

        // A self-signed certificate has no chain.
        return list.AtEnd
            ? AlertOf(NodeCertificate.TryParse(der, out certificate))
            : TlsAlert.BadCertificate;
    }

    private static TlsAlert? AlertOf(CertificateFault fault) => fault switch
    {
        CertificateFault.None => null,
        CertificateFault.Unsupported => TlsAlert.UnsupportedCertificate,
        _ => TlsAlert.BadCertificate,
    };
}
