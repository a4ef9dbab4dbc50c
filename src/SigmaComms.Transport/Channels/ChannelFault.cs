namespace SigmaComms.Transport.Channels;

/// <summary>Why a channel could not be made or ended.</summary>
public enum ChannelFault
{
    /// <summary>The other end could not be reached.</summary>
    Unreachable,

    /// <summary>The handshake did not end in time.</summary>
    TimedOut,

    /// <summary>The connection broke off without a farewell.</summary>
    Dropped,

    /// <summary>The peer ended it with an alert.</summary>
    RefusedByPeer,

    /// <summary>What the peer sent was wrong, or it is not admitted; it was told so with an alert.</summary>
    PeerRejected,
}
