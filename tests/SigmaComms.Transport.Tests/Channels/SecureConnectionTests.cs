using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using SigmaComms.Messaging.Channels;
using SigmaComms.Transport.Channels;
using SigmaComms.Transport.Tests.Links;

namespace SigmaComms.Transport.Tests.Channels;

public sealed class SecureConnectionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Both_ends_know_each_other_and_report_the_handshake()
    {
        await using SecurePair pair = await SecurePair.ConnectAsync();

        Assert.Equal(TestPeers.Server.Id, pair.Client.PeerId);
        Assert.Equal(TestPeers.Client.Id, pair.Server.PeerId);
        Assert.Equal(TestPeers.Server.Key.PublicKey.ToArray(), pair.Client.PeerPublicKey.ToArray());
        HandshakeReport report = pair.Client.Handshake;
        Assert.Equal(
            (TlsCipherSuite.Aes256GcmSha384, TlsGroup.X25519MlKem768, "mldsa65"),
            (report.Suite, report.Group, report.SignatureScheme));
        Assert.Equal(report.BytesSent, pair.Server.Handshake.BytesReceived);
        Assert.Equal(report.BytesReceived, pair.Server.Handshake.BytesSent);
    }

    [Fact]
    public async Task Twenty_megabytes_arrive_unchanged_both_ways_at_once_with_back_pressure()
    {
        await using SecurePair pair = await SecurePair.ConnectAsync();
        byte[] up = RandomNumberGenerator.GetBytes(20_000_000);
        byte[] down = RandomNumberGenerator.GetBytes(20_000_000);

        Task<byte[]> upHash = HashOfAsync(pair.Server.Input);
        Task<byte[]> downHash = HashOfAsync(pair.Client.Input);
        await Task.WhenAll(SendAsync(pair.Client.Output, up), SendAsync(pair.Server.Output, down)).WaitAsync(Patience);

        Assert.Equal(SHA256.HashData(up), await upHash.WaitAsync(Patience));
        Assert.Equal(SHA256.HashData(down), await downHash.WaitAsync(Patience));
    }

    [Fact]
    public async Task Many_small_writes_share_records()
    {
        var pipes = new PipePair();
        await using SecurePair pair = await SecurePair.ConnectAsync(pipes: pipes);
        for (int i = 0; i < 1000; i++)
        {
            pair.Client.Output.Write([(byte)(i & 0xFF)]);
        }

        await pair.Client.Output.FlushAsync();
        ReadResult result = await pair.Server.Input.ReadAtLeastAsync(1000).AsTask().WaitAsync(Patience);

        Assert.Equal(1000, result.Buffer.Length);
        Assert.True(pair.Client.RecordsSent <= 2, $"{pair.Client.RecordsSent} records");
        pair.Server.Input.AdvanceTo(result.Buffer.End);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(700)]
    public async Task A_client_that_sends_part_of_a_frame_and_stops_runs_into_the_time_out(int sizeBytes)
    {
        var time = new ManualTime();
        var pipes = new PipePair();
        Task<SecureConnection> accepting = SecureConnection
            .AcceptAsync(pipes.Right, TestPeers.ServerOptions with { Time = time }, default).AsTask();
        byte[] start = [0x16, 3, 1, 5, 0, 1, 0, 4, 0xFC, 3, 3, .. new byte[1000]];
        await pipes.Left.Output.WriteAsync(start.AsMemory(0, sizeBytes));

        time.Advance(TestPeers.ServerOptions.HandshakeTimeout);

        ChannelException fault = await Assert.ThrowsAsync<ChannelException>(() => accepting.WaitAsync(Patience));
        Assert.Equal(ChannelFault.TimedOut, fault.Reason);
    }

    [Fact]
    public async Task A_server_that_never_answers_runs_into_the_time_out()
    {
        var time = new ManualTime();
        Task<SecureConnection> connecting = SecureConnection
            .ConnectAsync(new PipePair().Left, TestPeers.ClientOptions with { Time = time }, default).AsTask();

        time.Advance(TestPeers.ServerOptions.HandshakeTimeout);

        ChannelException fault = await Assert.ThrowsAsync<ChannelException>(() => connecting.WaitAsync(Patience));
        Assert.Equal(ChannelFault.TimedOut, fault.Reason);
    }

    [Fact]
    public async Task A_cancelled_handshake_is_cancelled_and_not_timed_out()
    {
        using var cancel = new CancellationTokenSource();
        Task<SecureConnection> connecting = SecureConnection
            .ConnectAsync(new PipePair().Left, TestPeers.ClientOptions, cancel.Token).AsTask();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_client_that_is_not_admitted_is_told_so()
    {
        var pipes = new PipePair();
        SecureChannelOptions picky = TestPeers.ServerOptions with { AcceptPeer = _ => false };
        Task<SecureConnection> accepting = SecureConnection.AcceptAsync(pipes.Right, picky, default).AsTask();
        await using SecureConnection client =
            await SecureConnection.ConnectAsync(pipes.Left, TestPeers.ClientOptions, default);

        ChannelException atServer = await Assert.ThrowsAsync<ChannelException>(() => accepting.WaitAsync(Patience));
        ChannelException atClient =
            await Assert.ThrowsAsync<ChannelException>(() => client.Input.ReadAsync().AsTask().WaitAsync(Patience));

        Assert.Equal((ChannelFault.PeerRejected, TlsAlert.AccessDenied), (atServer.Reason, atServer.Alert));
        Assert.Equal((ChannelFault.RefusedByPeer, TlsAlert.AccessDenied), (atClient.Reason, atClient.Alert));
    }

    [Fact]
    public async Task A_server_that_is_not_the_expected_one_is_told_so()
    {
        var pipes = new PipePair();
        SecureChannelOptions picky = TestPeers.ClientOptions with { AcceptPeer = _ => false };
        Task<SecureConnection> accepting =
            SecureConnection.AcceptAsync(pipes.Right, TestPeers.ServerOptions, default).AsTask();

        ChannelException atClient = await Assert.ThrowsAsync<ChannelException>(
            () => SecureConnection.ConnectAsync(pipes.Left, picky, default).AsTask().WaitAsync(Patience));
        ChannelException atServer = await Assert.ThrowsAsync<ChannelException>(() => accepting.WaitAsync(Patience));

        Assert.Equal((ChannelFault.PeerRejected, TlsAlert.AccessDenied), (atClient.Reason, atClient.Alert));
        Assert.Equal((ChannelFault.RefusedByPeer, TlsAlert.AccessDenied), (atServer.Reason, atServer.Alert));
    }

    [Fact]
    public async Task Disposing_says_farewell_after_all_that_was_written_and_may_be_done_twice()
    {
        await using SecurePair pair = await SecurePair.ConnectAsync(
            TestPeers.ClientOptions with { CloseTimeout = Patience });
        await pair.Client.Output.WriteAsync(new byte[100_000]);

        await pair.Client.DisposeAsync();
        await pair.Client.DisposeAsync();

        ReadResult all = await pair.Server.Input.ReadAtLeastAsync(200_000).AsTask().WaitAsync(Patience);
        Assert.True(all.IsCompleted);
        Assert.Equal(100_000, all.Buffer.Length);
        pair.Server.Input.AdvanceTo(all.Buffer.End);
    }

    [Fact]
    public async Task An_end_that_said_farewell_can_still_receive()
    {
        await using SecurePair pair = await SecurePair.ConnectAsync();

        await pair.Client.Output.CompleteAsync();
        ReadResult atServer = await pair.Server.Input.ReadAsync().AsTask().WaitAsync(Patience);
        await pair.Server.Output.WriteAsync("answer"u8.ToArray());
        ReadResult atClient = await pair.Client.Input.ReadAtLeastAsync(6).AsTask().WaitAsync(Patience);

        Assert.True(atServer.IsCompleted);
        Assert.Equal("answer"u8.ToArray(), atClient.Buffer.ToArray());
        pair.Client.Input.AdvanceTo(atClient.Buffer.End);
    }

    [Fact]
    public async Task A_connection_that_breaks_off_is_not_taken_for_a_farewell()
    {
        var pipes = new PipePair();
        await using SecurePair pair = await SecurePair.ConnectAsync(pipes: pipes);

        await pipes.Left.Output.CompleteAsync();

        ChannelException fault = await Assert.ThrowsAsync<ChannelException>(
            () => pair.Server.Input.ReadAsync().AsTask().WaitAsync(Patience));
        Assert.Equal(ChannelFault.Dropped, fault.Reason);
        using var patience = new CancellationTokenSource(Patience);
        while (!(await pair.Server.Output.WriteAsync(new byte[1], patience.Token)).IsCompleted)
        {
            await Task.Yield(); // The writing loop is about to learn of it.
        }
    }

    [Fact]
    public async Task A_forged_record_ends_the_connection_and_both_ends_know_why()
    {
        var pipes = new PipePair();
        await using SecurePair pair = await SecurePair.ConnectAsync(pipes: pipes);

        await pipes.Left.Output.WriteAsync(new byte[] { 0x17, 3, 3, 0, 20 }.Concat(new byte[20]).ToArray());

        ChannelException atServer = await Assert.ThrowsAsync<ChannelException>(
            () => pair.Server.Input.ReadAsync().AsTask().WaitAsync(Patience));
        ChannelException atClient = await Assert.ThrowsAsync<ChannelException>(
            () => pair.Client.Input.ReadAsync().AsTask().WaitAsync(Patience));
        Assert.Equal((ChannelFault.PeerRejected, TlsAlert.BadRecordMac), (atServer.Reason, atServer.Alert));
        Assert.Equal((ChannelFault.RefusedByPeer, TlsAlert.BadRecordMac), (atClient.Reason, atClient.Alert));
    }

    [Fact]
    public async Task Keys_are_renewed_by_age_and_data_goes_on()
    {
        var time = new ManualTime();
        await using SecurePair pair = await SecurePair.ConnectAsync(
            TestPeers.ClientOptions with { Time = time }, TestPeers.ServerOptions with { Time = time });
        await ExchangeAsync(pair);
        long before = pair.Client.RecordsSent;

        time.Advance(TimeSpan.FromHours(1));
        await ExchangeAsync(pair);

        Assert.Equal(1, before);
        Assert.Equal(1, pair.Client.RecordsSent);
        Assert.Equal(1, pair.Server.RecordsSent);
    }

    [Fact]
    public async Task Keys_are_renewed_by_number_of_records_and_data_goes_on()
    {
        await using SecurePair pair = await SecurePair.ConnectAsync(
            TestPeers.ClientOptions with { RecordsPerKey = 2 }, TestPeers.ServerOptions with { RecordsPerKey = 3 });

        for (int i = 0; i < 20; i++)
        {
            await ExchangeAsync(pair);
        }

        Assert.True(pair.Client.RecordsSent <= 2 && pair.Server.RecordsSent <= 3);
    }

    [Fact]
    public async Task A_peer_that_asks_for_key_updates_and_does_not_read_is_cut_off()
    {
        var pipes = new PipePair();
        Task<SecureConnection> accepting =
            SecureConnection.AcceptAsync(pipes.Right, TestPeers.ServerOptions, default).AsTask();
        using TlsConnection client = await RawClient.ConnectAsync(pipes.Left);
        await using SecureConnection server = await accepting;
        await FillAsync(server.Output);

        Task<ChannelException> fault = Assert.ThrowsAsync<ChannelException>(() => HashOfAsync(server.Input));
        var wire = new ArrayBufferWriter<byte>();
        while (!fault.IsCompleted)
        {
            client.Write([1], wire);
            client.UpdateKeys(requestPeer: true, wire);
            await Task.WhenAny(fault, pipes.Left.Output.WriteAsync(wire.WrittenMemory).AsTask()).WaitAsync(Patience);
            wire.Clear();
        }

        Assert.Equal(ChannelFault.PeerRejected, (await fault).Reason);
    }

    [Fact]
    public async Task Data_that_comes_with_the_last_handshake_message_is_not_lost()
    {
        var pipes = new PipePair();
        Task<SecureConnection> accepting =
            SecureConnection.AcceptAsync(pipes.Right, TestPeers.ServerOptions, default).AsTask();
        using TlsConnection client = await RawClient.ConnectAsync(pipes.Left, "at once"u8.ToArray());
        await using SecureConnection server = await accepting;

        ReadResult result = await server.Input.ReadAtLeastAsync(7).AsTask().WaitAsync(Patience);

        Assert.Equal("at once"u8.ToArray(), result.Buffer.ToArray());
        server.Input.AdvanceTo(result.Buffer.End);
    }

    // Writes until the peer, which does not read, holds it up.
    private static async Task FillAsync(PipeWriter output)
    {
        ValueTask<FlushResult> flush;
        do
        {
            flush = output.WriteAsync(new byte[100_000]);
        }
        while (flush.IsCompleted && (await flush).IsCompleted == false);
    }

    private static async Task ExchangeAsync(SecurePair pair)
    {
        await RoundTripAsync(pair.Client.Output, pair.Server.Input);
        await RoundTripAsync(pair.Server.Output, pair.Client.Input);
    }

    private static async Task RoundTripAsync(PipeWriter from, PipeReader to)
    {
        await from.WriteAsync("ping"u8.ToArray());
        ReadResult result = await to.ReadAtLeastAsync(4).AsTask().WaitAsync(Patience);
        Assert.Equal("ping"u8.ToArray(), result.Buffer.ToArray());
        to.AdvanceTo(result.Buffer.End);
    }

    private static async Task SendAsync(PipeWriter output, byte[] data)
    {
        for (int sent = 0; sent < data.Length; sent += 50_000)
        {
            await output.WriteAsync(data.AsMemory(sent, Math.Min(50_000, data.Length - sent)));
        }

        await output.CompleteAsync();
    }

    private static async Task<byte[]> HashOfAsync(PipeReader input)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (true)
        {
            ReadResult result = await input.ReadAsync();
            foreach (ReadOnlyMemory<byte> part in result.Buffer)
            {
                hash.AppendData(part.Span);
            }

            input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return hash.GetHashAndReset();
            }
        }
    }
}
