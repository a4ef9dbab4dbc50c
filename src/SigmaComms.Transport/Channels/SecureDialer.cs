using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using SigmaComms.Cryptography;

namespace SigmaComms.Transport.Channels;

/// <summary>Makes channels to other processes over TCP or Unix sockets.</summary>
/// <remarks>Safe to call from any thread.</remarks>
public sealed class SecureDialer : IDisposable
{
    private readonly SecureChannelOptions _options;
    private readonly SocketConnectionContextFactory _factory;

    /// <summary>Makes a dialer.</summary>
    /// <param name="options">Who this process is and what it demands.</param>
    /// <param name="logger">Receives the socket layer's messages.</param>
    public SecureDialer(SecureChannelOptions options, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);
        _options = options;
        _factory = new SocketConnectionContextFactory(new SocketConnectionFactoryOptions(), logger);
    }

    /// <summary>Connects and shakes hands; both together within the handshake's time-out each.</summary>
    /// <param name="endpoint">An IP, DNS or Unix socket address.</param>
    /// <param name="ct">Ends the attempt.</param>
    /// <exception cref="ChannelException">Nobody is there, or the handshake failed.</exception>
    public ValueTask<SecureConnection> DialAsync(EndPoint endpoint, CancellationToken ct) =>
        DialAsync(endpoint, _options, ct);

    /// <summary>Connects to one particular peer; any other is rejected.</summary>
    /// <param name="endpoint">An IP, DNS or Unix socket address.</param>
    /// <param name="expected">Who must be there.</param>
    /// <param name="ct">Ends the attempt.</param>
    /// <exception cref="ChannelException">Nobody is there, or the handshake failed.</exception>
    public ValueTask<SecureConnection> DialAsync(EndPoint endpoint, NodeId expected, CancellationToken ct)
    {
        Func<NodeId, bool>? accept = _options.AcceptPeer;
        return DialAsync(
            endpoint, _options with { AcceptPeer = id => id == expected && (accept is null || accept(id)) }, ct);
    }

    /// <summary>Releases the socket layer's memory; connections live on.</summary>
    public void Dispose() => _factory.Dispose();

    private async ValueTask<SecureConnection> DialAsync(
        EndPoint endpoint, SecureChannelOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        Socket socket = await ConnectAsync(endpoint, options, ct);
        ConnectionContext context = _factory.Create(socket);
        try
        {
            return await SecureConnection.ConnectAsync(context.Transport, context, options, ct);
        }
        catch (Exception fault)
        {
            // A peer that was rejected is told why before the connection closes; any other is cut off.
            if (fault is not ChannelException { Reason: ChannelFault.PeerRejected })
            {
                context.Abort();
            }

            await context.DisposeAsync();
            throw;
        }
    }

    private static async ValueTask<Socket> ConnectAsync(
        EndPoint endpoint, SecureChannelOptions options, CancellationToken ct)
    {
        var socket = endpoint is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var timeout = new CancellationTokenSource(options.HandshakeTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            await socket.ConnectAsync(endpoint, either.Token);
            return socket;
        }
        catch (Exception fault)
        {
            socket.Dispose();
            ct.ThrowIfCancellationRequested();
            throw fault switch
            {
                SocketException => new ChannelException(ChannelFault.Unreachable, inner: fault),
                OperationCanceledException => new ChannelException(ChannelFault.TimedOut, inner: fault),
                _ => fault,
            };
        }
    }
}
