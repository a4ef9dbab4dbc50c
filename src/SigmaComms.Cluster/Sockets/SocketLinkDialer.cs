using System.Net;
using Microsoft.Extensions.Logging;
using SigmaComms.Cluster.Peers;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Channels;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Sockets;

/// <summary>Dials nodes over TCP and secures the connection.</summary>
internal sealed class SocketLinkDialer(SecureChannelOptions options, ILogger logger) : ILinkDialer, IDisposable
{
    private readonly SecureDialer _dialer = new(options, logger);

    public async ValueTask<SecuredChannel> DialAsync(NodeEndpoint endpoint, NodeId expected, CancellationToken ct)
    {
        EndPoint target = IPAddress.TryParse(endpoint.Host, out IPAddress? address)
            ? new IPEndPoint(address, endpoint.Port)
            : new DnsEndPoint(endpoint.Host, endpoint.Port);
        try
        {
            SecureConnection channel = await _dialer.DialAsync(target, expected, ct);
            return new SecuredChannel(channel, channel.PeerId, channel.PeerPublicKey, endpoint.Host);
        }
        catch (ChannelException error)
        {
            throw new LinkException(
                LinkFailure.Unreachable, $"node {expected.Short} at {endpoint}: {error.Message}", error);
        }
    }

    public void Dispose() => _dialer.Dispose();
}
