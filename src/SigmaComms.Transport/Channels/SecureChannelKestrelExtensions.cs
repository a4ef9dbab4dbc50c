using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace SigmaComms.Transport.Channels;

/// <summary>Puts the node channel under a Kestrel endpoint.</summary>
public static class SecureChannelKestrelExtensions
{
    /// <summary>
    /// Secures every connection of the endpoint. What is added after it sees only channels whose handshake succeeded,
    /// as <see cref="ConnectionContext.Transport"/> and as a feature of type <see cref="SecureConnection"/>.
    /// </summary>
    /// <param name="listen">The endpoint.</param>
    /// <param name="server">Who secures.</param>
    public static ListenOptions UseSecureChannel(this ListenOptions listen, SecureChannelServer server)
    {
        ArgumentNullException.ThrowIfNull(listen);
        ArgumentNullException.ThrowIfNull(server);
        listen.Use(next => context => server.ServeAsync(context, next));
        return listen;
    }
}
