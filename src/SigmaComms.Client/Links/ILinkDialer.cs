namespace SigmaComms.Client.Links;

/// <summary>Opens secured connections. The network behind it is the outside world: tests bring their own.</summary>
public interface ILinkDialer
{
    /// <summary>Connects and runs the channel's handshake, with this device's key.</summary>
    /// <param name="endpoint">host:port.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="Transport.Links.LinkException">The node could not be reached, or is not who it
    /// says.</exception>
    ValueTask<DialedChannel> DialAsync(string endpoint, CancellationToken ct);
}
