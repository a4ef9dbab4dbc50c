using System.Net;
using System.Net.Sockets;

namespace SigmaComms.EndToEnd.Tests.Processes;

/// <summary>
/// Ports of the loopback address that nobody listens on, and not of those that the kernel gives away: while a node does
/// not run, anybody's outgoing connection could take one of them.
/// </summary>
internal static class FreePorts
{
    private const int First = 12_000;
    private const int End = 32_000;

    public static int[] Take(int count)
    {
        // All are held until all are found, so that no two are the same.
        List<TcpListener> listeners = [];
        try
        {
            for (int tries = 0; listeners.Count < count; tries++)
            {
                Assert.True(tries < 1_000, "no port is free");
                TcpListener listener = new(IPAddress.Loopback, Random.Shared.Next(First, End));
                if (TryStart(listener))
                {
                    listeners.Add(listener);
                }
            }

            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            listeners.ForEach(listener => listener.Dispose());
        }
    }

    private static bool TryStart(TcpListener listener)
    {
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            listener.Dispose();
            return false;
        }
    }
}
