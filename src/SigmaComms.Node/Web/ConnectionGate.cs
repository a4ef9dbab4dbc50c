using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace SigmaComms.Node.Web;

/// <summary>
/// Lets no address hold more than its share of the connections, so that a stranger cannot keep those out that ask
/// whether the node lives. This machine is not bounded. Safe to call from any thread.
/// </summary>
/// <param name="perAddressMax">The share of one IPv4 address or one /64 of IPv6.</param>
internal sealed class ConnectionGate(int perAddressMax)
{
    private const int NetworkBytes = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _open = [];

    /// <summary>Serves a connection to its end, or breaks it off at once.</summary>
    public async Task PassAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (NetworkOf(connection.RemoteEndPoint) is not { } network)
        {
            await next(connection);
        }
        else if (TryEnter(network))
        {
            try
            {
                await next(connection);
            }
            finally
            {
                Leave(network);
            }
        }
        else
        {
            connection.Abort();
        }
    }

    private static IPAddress? NetworkOf(EndPoint? remote)
    {
        if (remote is not IPEndPoint { Address: { } address } || IPAddress.IsLoopback(address))
        {
            return null;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return address;
        }

        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new IPAddress(bytes);
    }

    private bool TryEnter(IPAddress network)
    {
        lock (_gate)
        {
            int open = _open.GetValueOrDefault(network);
            if (open >= perAddressMax)
            {
                return false;
            }

            _open[network] = open + 1;
            return true;
        }
    }

    private void Leave(IPAddress network)
    {
        lock (_gate)
        {
            if (--_open[network] == 0)
            {
                _open.Remove(network);
            }
        }
    }
}
