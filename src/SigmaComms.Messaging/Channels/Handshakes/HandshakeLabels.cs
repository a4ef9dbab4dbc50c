namespace SigmaComms.Messaging.Channels.Handshakes;

/// <summary>What a handshake signature is for, so that none serves for another role.</summary>
/// <standard>RFC 8446, section 4.4.3.</standard>
internal static class HandshakeLabels
{
    public static ReadOnlySpan<byte> Server => "TLS 1.3, server CertificateVerify"u8;

    public static ReadOnlySpan<byte> Client => "TLS 1.3, client CertificateVerify"u8;
}
