namespace SigmaComms.Messaging.Channels;

/// <summary>Why a connection ended, as it is told to the peer.</summary>
/// <standard>RFC 8446, section 6 (AlertDescription).</standard>
public enum TlsAlert
{
    /// <summary>The sender will send no more; nothing is wrong.</summary>
    CloseNotify = 0,

    /// <summary>A message or record that is not allowed now.</summary>
    UnexpectedMessage = 10,

    /// <summary>A record that does not open.</summary>
    BadRecordMac = 20,

    /// <summary>A record that is too long.</summary>
    RecordOverflow = 22,

    /// <summary>No common suite, group or signature scheme.</summary>
    HandshakeFailure = 40,

    /// <summary>A certificate that is malformed or whose signature does not verify.</summary>
    BadCertificate = 42,

    /// <summary>A certificate of another kind than ML-DSA-65.</summary>
    UnsupportedCertificate = 43,

    /// <summary>A certificate that was revoked by its signer.</summary>
    CertificateRevoked = 44,

    /// <summary>A certificate that is expired or not yet valid.</summary>
    CertificateExpired = 45,

    /// <summary>A certificate that is not acceptable for another reason.</summary>
    CertificateUnknown = 46,

    /// <summary>A field with a value that is not allowed.</summary>
    IllegalParameter = 47,

    /// <summary>A certificate whose issuer is not known.</summary>
    UnknownCa = 48,

    /// <summary>A peer that proved who it is, and is not admitted.</summary>
    AccessDenied = 49,

    /// <summary>A message that cannot be decoded.</summary>
    DecodeError = 50,

    /// <summary>A handshake signature or Finished value that does not verify.</summary>
    DecryptError = 51,

    /// <summary>A version that is not supported.</summary>
    ProtocolVersion = 70,

    /// <summary>Parameters that are too weak.</summary>
    InsufficientSecurity = 71,

    /// <summary>An error that has nothing to do with the peer.</summary>
    InternalError = 80,

    /// <summary>A downgraded retry.</summary>
    InappropriateFallback = 86,

    /// <summary>The peer's user cancelled the handshake.</summary>
    UserCanceled = 90,

    /// <summary>An extension that must be there is not.</summary>
    MissingExtension = 109,

    /// <summary>An extension that was not asked for.</summary>
    UnsupportedExtension = 110,

    /// <summary>A server name that is not known.</summary>
    UnrecognizedName = 112,

    /// <summary>An invalid OCSP response.</summary>
    BadCertificateStatusResponse = 113,

    /// <summary>A pre-shared key that is not known.</summary>
    UnknownPskIdentity = 115,

    /// <summary>The client sent no certificate.</summary>
    CertificateRequired = 116,

    /// <summary>No common application protocol.</summary>
    NoApplicationProtocol = 120,
}
