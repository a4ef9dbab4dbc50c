using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SigmaComms.Cluster.Peers;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Channels;

namespace SigmaComms.Cluster.Sockets;

/// <summary>Listens on a TCP endpoint with Kestrel, without HTTP, and secures every connection.</summary>
internal sealed class KestrelLinkListener(NodeEndpoint endpoint, SecureChannelServerOptions options, ILogger logger)
    : ILinkListener
{
    private readonly SecureChannelServer _server = new(options, logger);
    private WebApplication? _app;

    public async Task StartAsync(Func<SecuredChannel, Task> serve, CancellationToken ct)
    {
        IPEndPoint address = await ResolveAsync(ct);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<ILoggerFactory>(new OneLoggerFactory(logger));
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(address, listen => Configure(listen, serve));
        });
        _app = builder.Build();
        try
        {
            await _app.StartAsync(ct);
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
        if (_app is not null)
        {
            using var now = new CancellationTokenSource();
            await now.CancelAsync();
            await _app.StopAsync(now.Token);
            await _app.DisposeAsync();
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
