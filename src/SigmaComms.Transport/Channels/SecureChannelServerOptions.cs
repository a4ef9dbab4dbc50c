namespace SigmaComms.Transport.Channels;

/// <summary>How a server protects itself while peers are still unknown.</summary>
public sealed record SecureChannelServerOptions
{
    /// <summary>How the server makes channels.</summary>
    public required SecureChannelOptions Channel { get; init; }

    /// <summary>
    /// Handshakes at the same time. For one more the oldest of the address that has most is closed. Default 4,096.
    /// </summary>
    public int HalfOpenMax { get; init; } = 4096;

    /// <summary>
    /// Handshakes at the same time of one address (IPv6: one /64). For one more its own oldest is closed.
    /// Default 256; what is above <see cref="HalfOpenMax"/> counts as that.
    /// </summary>
    public int HalfOpenPerAddressMax { get; init; } = 256;

    /// <summary>
    /// Handshakes at the same time above which clients must first return a cookie; those of an address that has more
    /// than half of <see cref="HalfOpenPerAddressMax"/> must in any case. Default 256.
    /// </summary>
    public int CookieThreshold { get; init; } = 256;

    /// <summary>New connections a second from one address (IPv6: one /64), on average. Default 512.</summary>
    public int ConnectionsPerSecond { get; init; } = 512;

    /// <summary>New connections from one address in one burst. Default 4,096.</summary>
    public int ConnectionBurst { get; init; } = 4096;
}
