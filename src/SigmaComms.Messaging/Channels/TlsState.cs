namespace SigmaComms.Messaging.Channels;

/// <summary>Where a connection stands.</summary>
public enum TlsState
{
    /// <summary>The peers do not know each other yet.</summary>
    Handshaking,

    /// <summary>Both have proved who they are; data flows.</summary>
    Established,

    /// <summary>Both said that they send no more.</summary>
    Closed,

    /// <summary>A fault of either side ended it; all secrets are zeroed.</summary>
    Failed,
}
