using System.Net.Sockets;

namespace SigmaComms.EndToEnd.Tests.Processes;

/// <summary>Every frame that crosses the loopback interface while it is open; needs the right to raw sockets.</summary>
internal sealed class LoopbackCapture : IAsyncDisposable
{
    private const int AllProtocols = 0x0300; // ETH_P_ALL in network order
    private const int SocketLevel = 1;
    private const int ForceReceiveBuffer = 33; // SO_RCVBUFFORCE: beyond the system's limit, with the same right
    private const int PacketLevel = 263;
    private const int PacketStatistics = 6;
    private const int ReceiveBufferBytes = 64 * 1024 * 1024;

    private readonly Socket _socket;
    private readonly MemoryStream _frames = new();
    private readonly byte[] _frame = new byte[256 * 1024];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reader;

    public LoopbackCapture()
    {
        _socket = Open();
        _reader = ReadAsync();
    }

    /// <summary>Why it cannot be used here; null if it can.</summary>
    public static string? Obstacle { get; } = FindObstacle();

    /// <summary>Stops and gives all bytes seen; fails if the kernel had to drop any.</summary>
    public async Task<byte[]> StopAsync()
    {
        await _stop.CancelAsync();
        await _reader;
        while (_socket.Available > 0)
        {
            _frames.Write(_frame, 0, _socket.Receive(_frame));
        }

        byte[] statistics = new byte[8];
        _socket.GetRawSocketOption(PacketLevel, PacketStatistics, statistics);
        Assert.Equal(0, BitConverter.ToInt32(statistics, 4));
        return _frames.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reader;
        _socket.Dispose();
        _stop.Dispose();
    }

    private static Socket Open() =>
        new(AddressFamily.Packet, SocketType.Raw,
            (ProtocolType)AllProtocols) { ReceiveBufferSize = ReceiveBufferBytes };

    private static string? FindObstacle()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "packet sockets are Linux's";
        }

        try
        {
            using Socket socket = Open();
            return null;
        }
        catch (SocketException refused)
        {
            return $"a packet socket needs root or CAP_NET_RAW: {refused.Message}";
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                int length = await _socket.ReceiveAsync(_frame, SocketFlags.None, _stop.Token);
                _frames.Write(_frame, 0, length);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }
}
