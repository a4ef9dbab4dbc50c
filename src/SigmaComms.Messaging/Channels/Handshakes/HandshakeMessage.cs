using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Channels.Handshakes;

/// <summary>The frame around every handshake message, and how long each kind may be.</summary>
/// <standard>RFC 8446, section 4.</standard>
internal static class HandshakeMessage
{
    public const int HeaderSize = 4;

    /// <summary>The longest ClientHello: two hybrid shares and much room for extensions that we do not know.</summary>
    public const int ClientHelloMax = 16 * 1024;

    /// <summary>The longest ServerHello: one hybrid share, or a cookie.</summary>
    public const int ServerHelloMax = 4 * 1024;

    /// <summary>The longest of the small messages with extensions.</summary>
    public const int ExtensionsMax = 4 * 1024;

    /// <summary>The longest Certificate message.</summary>
    public const int CertificateMax = 17 * 1024;

    /// <summary>The longest CertificateVerify: an ML-DSA-65 signature of 3,309 bytes and its frame.</summary>
    public const int CertificateVerifyMax = 4 * 1024;

    /// <summary>The longest ticket that is read only to be dropped.</summary>
    public const int TicketMax = 16 * 1024;

    public static byte[] Build(HandshakeType type, ReadOnlySpan<byte> body)
    {
        var writer = new WireWriter(HeaderSize + body.Length);
        writer.U8((byte)type).Opaque24(body);
        return writer.ToArray();
    }

    /// <summary>The longest body that a kind of message may have.</summary>
    public static int SizeMax(HandshakeType type) => type switch
    {
        HandshakeType.ClientHello => ClientHelloMax,
        HandshakeType.ServerHello => ServerHelloMax,
        HandshakeType.NewSessionTicket => TicketMax,
        HandshakeType.EncryptedExtensions or HandshakeType.CertificateRequest => ExtensionsMax,
        HandshakeType.Certificate => CertificateMax,
        HandshakeType.CertificateVerify => CertificateVerifyMax,
        HandshakeType.Finished => SuiteProfile.HashSizeMax,
        HandshakeType.KeyUpdate => 1,
        _ => 0,
    };
}
