namespace SigmaComms.Messaging.Channels.Handshakes;

/// <summary>Kinds of handshake messages.</summary>
/// <standard>RFC 8446, appendix B.3.</standard>
internal enum HandshakeType
{
    None = 0,
    ClientHello = 1,
    ServerHello = 2,
    NewSessionTicket = 4,
    EncryptedExtensions = 8,
    Certificate = 11,
    CertificateRequest = 13,
    CertificateVerify = 15,
    Finished = 20,
    KeyUpdate = 24,
    MessageHash = 254,
}
