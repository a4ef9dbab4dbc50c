using System.Net;
using System.Net.Sockets;
using System.Text;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests;

public sealed class CaptureTests
{
    /// <summary>Without this, a capture that sees nothing would prove the wire clean.</summary>
    [CaptureFact]
    public async Task The_capture_sees_what_crosses_the_loopback_in_clear()
    {
        byte[] marker = Encoding.ASCII.GetBytes($"marker-{Guid.NewGuid():N}");
        await using LoopbackCapture capture = new();
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using TcpClient sender = new();
        await sender.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using TcpClient receiver = await listener.AcceptTcpClientAsync();

        await sender.GetStream().WriteAsync(marker);
        await receiver.GetStream().ReadExactlyAsync(new byte[marker.Length]);

        byte[] seen = await capture.StopAsync();
        Assert.True(seen.AsSpan().IndexOf(marker) >= 0, $"{seen.Length} bytes seen, not the marker");
    }
}
