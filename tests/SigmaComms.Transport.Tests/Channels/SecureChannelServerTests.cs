using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Messaging.Channels;
using SigmaComms.Transport.Channels;
using SigmaComms.Transport.Tests.Links;
using Xunit.Abstractions;

namespace SigmaComms.Transport.Tests.Channels;

public sealed class SecureChannelServerTests(ITestOutputHelper output)
{
    private const int IdleConnections = 2000;

    // Far more than it takes on a quiet machine: tests beside this one and other programs may take their part.
    private static readonly TimeSpan Undisturbed = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_dialed_connection_reaches_the_handler_with_the_identity_of_the_peer()
    {
        await using ChannelHost host = await ChannelHost.StartAsync(o => o);

        await AssertServesAsync(host);

        Assert.Equal(0, host.Server.HalfOpen);
    }

    [Fact]
    public async Task Above_the_threshold_a_client_must_return_a_cookie()
    {
        await using ChannelHost plain = await ChannelHost.StartAsync(o => o);
        await using ChannelHost wary = await ChannelHost.StartAsync(o => o with { CookieThreshold = 0 });

        HandshakeReport without = await AssertServesAsync(plain);
        HandshakeReport with = await AssertServesAsync(wary);

        // The second hello repeats the first and carries the cookie.
        Assert.True(with.BytesSent > without.BytesSent + 1000, $"{with.BytesSent} after {without.BytesSent}");
    }

    [Fact]
    public async Task Random_bytes_end_that_connection_with_an_alert_and_nothing_else()
    {
        byte[] seed = RandomNumberGenerator.GetBytes(4);
        output.WriteLine($"first bytes {Convert.ToHexString(seed)}");
        await using ChannelHost host = await ChannelHost.StartAsync(o => o);
        using Socket stranger = await ConnectAsync(host);

        await stranger.SendAsync(seed[0] is >= 20 and <= 23 ? new byte[64] : [.. seed, .. new byte[60]]);
        byte[] answer = new byte[64];
        int size = await stranger.ReceiveAsync(answer).WaitAsync(Patience);

        Assert.Equal([21, 3, 3, 0, 2, 2, (byte)TlsAlert.UnexpectedMessage], answer[..size]);
        Assert.Equal(0, await stranger.ReceiveAsync(answer).WaitAsync(Patience));
        Assert.All(host.Log.Entries, entry => Assert.Equal(LogLevel.Debug, entry.Level));
        await AssertServesAsync(host);
    }

    [Fact]
    public async Task For_a_connection_above_the_half_open_cap_the_oldest_is_closed_at_once()
    {
        await using ChannelHost host = await ChannelHost.StartAsync(
            o => o with { HalfOpenMax = 2, Channel = o.Channel with { Time = new ManualTime() } });
        using Socket first = await ConnectAsync(host);
        await UntilAsync(() => host.Server.HalfOpen == 1);
        using Socket second = await ConnectAsync(host);
        await UntilAsync(() => host.Server.HalfOpen == 2);

        using Socket third = await ConnectAsync(host);
        bool isFirstClosed = await IsClosedAsync(first);

        Assert.True(isFirstClosed);
        Assert.Equal((0, 0), (second.Available, third.Available));
        Assert.Equal(2, host.Server.HalfOpen);
        Assert.Contains(host.Log.Entries, entry => entry.Id == 2101);
        await AssertServesAsync(host);
    }

    [Fact]
    public async Task Two_thousand_idle_connections_of_one_address_take_only_its_share_and_it_is_served_still()
    {
        await using ChannelHost host = await ChannelHost.StartAsync(o => o);
        var idle = new List<Socket>();
        for (int i = 0; i < IdleConnections; i++)
        {
            idle.Add(await ConnectAsync(host));
        }

        HandshakeReport report = await AssertServesAsync(host);

        Assert.InRange(host.Server.HalfOpen, 1, 256);
        Assert.True(report.Duration < Undisturbed, $"{report.Duration}");
        idle.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task An_address_that_connects_too_often_is_closed_at_once()
    {
        await using ChannelHost host = await ChannelHost.StartAsync(
            o => o with
            {
                ConnectionBurst = 2,
                ConnectionsPerSecond = 1,
                Channel = o.Channel with { Time = new ManualTime() },
            });
        using Socket first = await ConnectAsync(host);
        using Socket second = await ConnectAsync(host);
        await UntilAsync(() => host.Server.HalfOpen == 2);

        bool isThirdClosed = await IsClosedAtOnceAsync(host);

        Assert.True(isThirdClosed);
        Assert.Contains(host.Log.Entries, entry => entry.Id == 2102);
    }

    [Fact]
    public async Task Two_thousand_idle_connections_do_not_disturb_another_handshake()
    {
        await using ChannelHost host = await ChannelHost.StartAsync(o => o);
        var idle = new List<Socket>();
        for (int i = 0; i < IdleConnections; i++)
        {
            idle.Add(await ConnectAsync(host, new IPAddress([127, 0, (byte)(1 + (i / 200)), 1])));
        }

        await UntilAsync(() => host.Server.HalfOpen > 1000);
        HandshakeReport report = await AssertServesAsync(host);

        output.WriteLine($"{report.Duration.TotalMilliseconds:F1} ms beside {host.Server.HalfOpen} half-open ones");
        Assert.True(report.Duration < Undisturbed, $"{report.Duration}");
        idle.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_unreachable()
    {
        using var dialer = new SecureDialer(TestPeers.ClientOptions, NullLogger.Instance);
        using var taken = new Socket(SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // Bound and not listening: connections are refused.

        ChannelException fault = await Assert.ThrowsAsync<ChannelException>(
            () => dialer.DialAsync(taken.LocalEndPoint!, default).AsTask());

        Assert.Equal(ChannelFault.Unreachable, fault.Reason);
    }

    [Fact]
    public async Task A_dialer_rejects_another_server_than_the_expected_one()
    {
        await using ChannelHost host = await ChannelHost.StartAsync(o => o);
        using var dialer = new SecureDialer(TestPeers.ClientOptions, NullLogger.Instance);

        ChannelException fault = await Assert.ThrowsAsync<ChannelException>(
            () => dialer.DialAsync(host.EndPoint, TestPeers.Client.Id, default).AsTask());

        Assert.Equal((ChannelFault.PeerRejected, TlsAlert.AccessDenied), (fault.Reason, fault.Alert));
    }

    private static async Task<HandshakeReport> AssertServesAsync(ChannelHost host)
    {
        using var dialer = new SecureDialer(TestPeers.ClientOptions, NullLogger.Instance);
        await using SecureConnection connection =
            await dialer.DialAsync(host.EndPoint, TestPeers.Server.Id, default);
        await connection.Output.WriteAsync("hello"u8.ToArray());
        ReadResult result = await connection.Input.ReadAtLeastAsync(37).AsTask().WaitAsync(Patience);

        Assert.Equal([.. TestPeers.Client.Id.Value.ToArray(), .. "hello"u8], result.Buffer.ToArray());
        connection.Input.AdvanceTo(result.Buffer.End);
        return connection.Handshake;
    }

    private static async Task<Socket> ConnectAsync(ChannelHost host, IPAddress? from = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(from ?? IPAddress.Loopback, 0));
        await socket.ConnectAsync(host.EndPoint);
        return socket;
    }

    private static async Task<bool> IsClosedAtOnceAsync(ChannelHost host)
    {
        try
        {
            using Socket socket = await ConnectAsync(host);
            return await IsClosedAsync(socket);
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }

    private static async Task<bool> IsClosedAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1]).WaitAsync(Patience) == 0;
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }

    // Kestrel accepts on its own threads; this waits for it without a fixed sleep.
    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, patience.Token);
        }
    }
}
