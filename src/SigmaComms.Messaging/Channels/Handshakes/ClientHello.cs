using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Channels.Handshakes;

/// <summary>The client's first message, and its second after a HelloRetryRequest.</summary>
/// <standard>RFC 8446, section 4.1.2.</standard>
internal sealed class ClientHello
{
    public const int RandomSize = 32;
    public const int SessionIdMax = 32;

    public required byte[] Random { get; init; }

    public byte[] SessionId { get; init; } = [];

    public required ushort[] Suites { get; init; }

    public required ExtensionSet Extensions { get; init; }

    /// <summary>Decodes and checks what does not depend on the options.</summary>
    /// <returns>Null, or the alert to send.</returns>
    public static TlsAlert? TryParse(ReadOnlySpan<byte> body, out ClientHello? hello)
    {
        hello = null;
        var reader = new WireReader(body);
        ushort legacyVersion = reader.U16();
        byte[] random = reader.Fixed(RandomSize).ToArray();
        byte[] sessionId = reader.Opaque8(SessionIdMax).ToArray();
        ushort[]? suites = ExtensionCodec.ReadU16s(reader.Opaque16());
        ReadOnlySpan<byte> compression = reader.Opaque8();

        // Before TLS 1.2 a hello might end here.
        ReadOnlySpan<byte> list = reader.Remaining > 0 ? reader.Opaque16() : default;
        if (!reader.AtEnd || suites is null || compression.IsEmpty)
        {
            return TlsAlert.DecodeError;
        }

        if (ExtensionSet.TryParse(list, out ExtensionSet extensions) is { } fault)
        {
            return fault;
        }

        if (VersionFault(extensions) is { } versionFault)
        {
            return versionFault;
        }

        if (legacyVersion != Records.RecordLimits.Version || compression is not [0])
        {
            return TlsAlert.IllegalParameter;
        }

        hello = new ClientHello { Random = random, SessionId = sessionId, Suites = suites, Extensions = extensions };
        return PreSharedKeyFault(extensions);
    }

    /// <summary>The whole message.</summary>
    public byte[] Encode()
    {
        var body = new WireWriter(2048);
        body.U16(Records.RecordLimits.Version).Fixed(Random).Opaque8(SessionId);
        body.Fixed(ExtensionCodec.U16List(Suites));
        body.Opaque8([0]);
        Extensions.WriteTo(body);
        return HandshakeMessage.Build(HandshakeType.ClientHello, body.Written);
    }

    private static TlsAlert? VersionFault(ExtensionSet extensions)
    {
        if (!extensions.Has(ExtensionType.SupportedVersions))
        {
            return TlsAlert.ProtocolVersion;
        }

        ushort[]? versions = ExtensionCodec.ReadClientVersions(extensions.Content(ExtensionType.SupportedVersions));
        if (versions is null)
        {
            return TlsAlert.DecodeError;
        }

        return versions.Contains(ExtensionCodec.Version13) ? null : TlsAlert.ProtocolVersion;
    }

    // Pre-shared keys are not used here, but their rules hold (RFC 8446, sections 4.2.9 and 4.2.11).
    private static TlsAlert? PreSharedKeyFault(ExtensionSet extensions)
    {
        if (!extensions.Has(ExtensionType.PreSharedKey))
        {
            return null;
        }

        if (extensions.Types[^1] != ExtensionType.PreSharedKey)
        {
            return TlsAlert.IllegalParameter;
        }

        return extensions.Has(ExtensionType.PskKeyExchangeModes) ? null : TlsAlert.MissingExtension;
    }
}
