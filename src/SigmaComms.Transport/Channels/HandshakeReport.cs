using SigmaComms.Messaging.Channels;

namespace SigmaComms.Transport.Channels;

/// <summary>What a handshake agreed on and cost.</summary>
/// <param name="Suite">The cipher suite.</param>
/// <param name="Group">The key exchange.</param>
/// <param name="SignatureScheme">The signature scheme of both sides: mldsa65.</param>
/// <param name="BytesSent">Bytes that this end sent.</param>
/// <param name="BytesReceived">Bytes that this end received.</param>
/// <param name="Duration">Time from the first byte to the end.</param>
public sealed record HandshakeReport(
    TlsCipherSuite Suite,
    TlsGroup Group,
    string SignatureScheme,
    int BytesSent,
    int BytesReceived,
    TimeSpan Duration);
