namespace SigmaComms.Transport.Channels;

/// <summary>How a server protects itself while peers are still unknown.</summary>
public sealed record SecureChannelServerOptions
{
    /// <summary>How the server makes channels.</summary>
    public required SecureChannelOptions Channel { get; init; }

    /// <summary>Handshakes at the same time; a connection above is closed at once. Default 4,096.</summary>
    public int HalfOpenMax { get; init; } = 4096;

    /// <summary>Handshakes at the same time above which clients must first return a cookie. Default 256.</summary>
    public int CookieThreshold { get; init; } = 256;

    /// <summary>New connections a second from one address (IPv6: one /64), on average. Default 512.</summary>
    public int ConnectionsPerSecond { get; init; } = 512;

    /// <summary>New connections from one address in one burst. Default 4,096.</summary>
    public int ConnectionBurst { get; init; } = 4096;
}
