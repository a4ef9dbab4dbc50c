using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Channels.Handshakes;

/// <summary>The server's first message, or its HelloRetryRequest, which has the same form.</summary>
/// <standard>RFC 8446, sections 4.1.3 and 4.1.4.</standard>
internal sealed class ServerHello
{
    /// <summary>The random value that marks a HelloRetryRequest: the SHA-256 hash of that word.</summary>
    private static ReadOnlySpan<byte> RetryRandom =>
    [
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
        0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
    ];

    public required byte[] Random { get; init; }

    public required byte[] SessionId { get; init; }

    public required ushort Suite { get; init; }

    public required ExtensionSet Extensions { get; init; }

    public bool IsRetry => Random.AsSpan().SequenceEqual(RetryRandom);

    public static byte[] NewRetryRandom() => RetryRandom.ToArray();

    /// <summary>Decodes and checks what does not depend on the client's hello.</summary>
    /// <returns>Null, or the alert to send.</returns>
    public static TlsAlert? TryParse(ReadOnlySpan<byte> body, out ServerHello? hello)
    {
        hello = null;
        var reader = new WireReader(body);
        ushort legacyVersion = reader.U16();
        byte[] random = reader.Fixed(ClientHello.RandomSize).ToArray();
        byte[] sessionId = reader.Opaque8(ClientHello.SessionIdMax).ToArray();
        ushort suite = reader.U16();
        byte compression = reader.U8();
        ReadOnlySpan<byte> list = reader.Remaining > 0 ? reader.Opaque16() : default;
        if (!reader.AtEnd)
        {
            return TlsAlert.DecodeError;
        }

        if (ExtensionSet.TryParse(list, out ExtensionSet extensions) is { } fault)
        {
            return fault;
        }

        // A server of TLS 1.2 or before does not send the extension.
        if (!extensions.Has(ExtensionType.SupportedVersions))
        {
            return TlsAlert.ProtocolVersion;
        }

        ReadOnlySpan<byte> version = extensions.Content(ExtensionType.SupportedVersions);
        if (version.Length != 2)
        {
            return TlsAlert.DecodeError;
        }

        if (version is not [0x03, 0x04] || legacyVersion != Records.RecordLimits.Version || compression != 0)
        {
            return TlsAlert.IllegalParameter;
        }

        hello = new ServerHello { Random = random, SessionId = sessionId, Suite = suite, Extensions = extensions };
        return null;
    }

    /// <summary>The whole message.</summary>
    public byte[] Encode()
    {
        var body = new WireWriter(2048);
        body.U16(Records.RecordLimits.Version).Fixed(Random).Opaque8(SessionId).U16(Suite).U8(0);
        Extensions.WriteTo(body);
        return HandshakeMessage.Build(HandshakeType.ServerHello, body.Written);
    }
}
