namespace SigmaComms.Messaging.Sessions;

/// <summary>The first four bytes of every session message: version, kind, suite.</summary>
internal static class MessageFraming
{
    /// <summary>The one version there is.</summary>
    public const byte Version = 1;

    /// <summary>The one suite: X25519, ML-KEM-1024, ML-KEM-768, ML-DSA-65, AES-256-GCM, SHA-2.</summary>
    public const ushort Suite = 1;

    /// <summary>A message with the initiator's half of the handshake before it.</summary>
    public const byte InitialKind = 1;

    /// <summary>A message of a session that both sides have.</summary>
    public const byte RatchetKind = 2;

    /// <summary>Size of a session id: the first 16 bytes of the transcript hash.</summary>
    public const int SessionIdSize = 16;

    /// <summary>Size of the transcript hash.</summary>
    public const int TranscriptHashSize = 64;
}
