namespace SigmaComms.Messaging.Channels;

/// <summary>What came of bytes from the peer.</summary>
public enum TlsStatus
{
    /// <summary>All were taken; more may come.</summary>
    Open,

    /// <summary>The peer said that it sends no more; what it sent before is complete.</summary>
    PeerClosed,

    /// <summary>The connection failed; see the alerts. What was handed over before is authentic.</summary>
    Failed,
}
