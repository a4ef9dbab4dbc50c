namespace SigmaComms.Messaging.Channels;

/// <summary>How records are protected and secrets derived.</summary>
/// <standard>RFC 8446, appendix B.4.</standard>
public enum TlsCipherSuite
{
    /// <summary>None yet.</summary>
    None = 0,

    /// <summary>AES-128-GCM with SHA-256.</summary>
    Aes128GcmSha256 = 0x1301,

    /// <summary>AES-256-GCM with SHA-384: preferred.</summary>
    Aes256GcmSha384 = 0x1302,
}
