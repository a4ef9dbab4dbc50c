using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SigmaComms.Cluster.Peers;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Channels;

namespace SigmaComms.Cluster.Sockets;

/// <summary>
/// Listens on a TCP endpoint with Kestrel, without HTTP, and secures every connection. The server is made by hand: a
/// web application around it would load hosting, routing and a container of services that nothing here uses.
/// </summary>
internal sealed class KestrelLinkListener(NodeEndpoint endpoint, SecureChannelServerOptions options, ILogger logger)
    : ILinkListener
{
    private readonly SecureChannelServer _server = new(options, logger);
    private KestrelServer? _kestrel;

    public async Task StartAsync(Func<SecuredChannel, Task> serve, CancellationToken ct)
    {
        IPEndPoint address = await ResolveAsync(ct);
        var logs = new OneLoggerFactory(logger);
        var settings = new KestrelServerOptions { AddServerHeader = false };
        settings.Listen(address, listen => Configure(listen, serve));
        _kestrel = new KestrelServer(
            Options.Create(settings),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), logs),
            logs);
        try
        {
            await _kestrel.StartAsync(new NoHttp(), ct);
        }
        catch (IOException error) when (error.InnerException is AddressInUseException)
        {
            throw new ClusterException(
                ClusterFailure.PortInUse,
                $"port {endpoint.Port} at {endpoint.Host} is in use by another process; stop that process"
                    + " (find it with: ss -ltnp) or configure another port",
                error);
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            throw Unusable(error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_kestrel is not null)
        {
            using var now = new CancellationTokenSource();
            await now.CancelAsync();
            await _kestrel.StopAsync(now.Token);
            _kestrel.Dispose();
        }

        _server.Dispose();
    }

    private void Configure(ListenOptions listen, Func<SecuredChannel, Task> serve)
    {
        listen.UseSecureChannel(_server);
        listen.Run(context =>
        {
            SecureConnection channel = context.Features.Get<SecureConnection>()!;
            string address = (context.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "unknown";
            return serve(new SecuredChannel(channel, channel.PeerId, channel.PeerPublicKey, address));
        });
    }

    private async Task<IPEndPoint> ResolveAsync(CancellationToken ct)
    {
        if (IPAddress.TryParse(endpoint.Host, out IPAddress? address))
        {
            return new IPEndPoint(address, endpoint.Port);
        }

        try
        {
            IPAddress[] found = await Dns.GetHostAddressesAsync(endpoint.Host, ct);
            return new IPEndPoint(found[0], endpoint.Port);
        }
        catch (SocketException error)
        {
            throw Unusable(error);
        }
    }

    private ClusterException Unusable(Exception error) => new(
        ClusterFailure.EndpointUnusable,
        $"cannot listen at {endpoint}: {error.Message}; configure an address of this machine",
        error);
}
