using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Transport.Channels;

namespace SigmaComms.Transport.Tests.Channels;

/// <summary>Kestrel on a free loopback port with the channel under an echo.</summary>
internal sealed class ChannelHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TaskCompletionSource<ChannelException?> _firstEnd;

    private ChannelHost(
        WebApplication app,
        SecureChannelServer server,
        CollectingLogger log,
        TaskCompletionSource<ChannelException?> end)
    {
        _app = app;
        _firstEnd = end;
        Server = server;
        Log = log;
    }

    public SecureChannelServer Server { get; }

    public CollectingLogger Log { get; }

    /// <summary>How the first connection ended: null for a farewell.</summary>
    public Task<ChannelException?> FirstEnd => _firstEnd.Task;

    public IPEndPoint EndPoint
    {
        get
        {
            string address = _app.Services.GetRequiredService<IServer>()
                .Features.Get<IServerAddressesFeature>()!.Addresses.Single();
            return new IPEndPoint(IPAddress.Loopback, new Uri(address).Port);
        }
    }

    public static async Task<ChannelHost> StartAsync(
        Func<SecureChannelServerOptions, SecureChannelServerOptions> change)
    {
        var log = new CollectingLogger();
        var end = new TaskCompletionSource<ChannelException?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = new SecureChannelServer(
            change(new SecureChannelServerOptions { Channel = TestPeers.ServerOptions }), log);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<Microsoft.Extensions.Logging.ILoggerFactory>(NullLoggerFactory.Instance);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.UseSecureChannel(server);
            listen.Run(async context => end.TrySetResult(await EchoAsync(context)));
        }));
        WebApplication app = builder.Build();
        await app.StartAsync();
        return new ChannelHost(app, server, log, end);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        Server.Dispose();
    }

    // Answers with the peer's id, then with whatever comes.
    private static async Task<ChannelException?> EchoAsync(ConnectionContext context)
    {
        SecureConnection secure = context.Features.Get<SecureConnection>()!;
        await context.Transport.Output.WriteAsync(secure.PeerId.Value.ToArray());
        try
        {
            await context.Transport.Input.CopyToAsync(context.Transport.Output);
            return null;
        }
        catch (ChannelException end)
        {
            return end;
        }
    }
}
