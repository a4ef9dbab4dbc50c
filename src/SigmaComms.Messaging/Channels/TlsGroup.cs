namespace SigmaComms.Messaging.Channels;

/// <summary>How the shared secret is agreed: always a classical and a post-quantum part.</summary>
/// <standard>draft-ietf-tls-ecdhe-mlkem; IANA TLS Supported Groups registry.</standard>
public enum TlsGroup
{
    /// <summary>None yet.</summary>
    None = 0,

    /// <summary>ECDH over P-256, then ML-KEM-768.</summary>
    SecP256r1MlKem768 = 0x11EB,

    /// <summary>ML-KEM-768, then X25519: preferred.</summary>
    X25519MlKem768 = 0x11EC,
}
