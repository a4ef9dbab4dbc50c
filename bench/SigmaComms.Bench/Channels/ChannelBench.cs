using System.Buffers;
using System.IO.Pipelines;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Channels;
using SigmaComms.Transport.Channels;

namespace SigmaComms.Bench.Channels;

/// <summary>The node channel: mutual handshakes and bulk data, both ends here, in CPU time of one thread.</summary>
internal static class ChannelBench
{
    private const int Handshakes = 400;
    private const int BulkBytes = 1 << 30;

    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Runs all and prints a line for each.</summary>
    public static async Task Run()
    {
        using TlsIdentity client = MakeIdentity();
        using TlsIdentity server = MakeIdentity();
        foreach (TlsGroup group in (TlsGroup[])[TlsGroup.X25519MlKem768, TlsGroup.SecP256r1MlKem768])
        {
            ReportHandshakes($"handshake {group}", client, server, group);
        }

        TlsCipherSuite[] suites = [TlsCipherSuite.Aes256GcmSha384, TlsCipherSuite.Aes128GcmSha256];
        foreach (TlsCipherSuite suite in suites)
        {
            ReportRecords(suite, client, server);
        }

        await ReportPipesAsync(client, server);
    }

    private static void ReportHandshakes(string name, TlsIdentity client, TlsIdentity server, TlsGroup group)
    {
        var clientOptions = new TlsOptions { Identity = client, Groups = [group] };
        var serverOptions = new TlsOptions { Identity = server, Groups = [group] };
        for (int i = 0; i < Handshakes / 4; i++)
        {
            ShakeHands(clientOptions, serverOptions).Dispose();
        }

        long[] times = new long[Handshakes];
        long start = ThreadTime.Nanoseconds;
        int bytes = 0;
        for (int i = 0; i < times.Length; i++)
        {
            long begin = ThreadTime.Nanoseconds;
            using Ends ends = ShakeHands(clientOptions, serverOptions);
            times[i] = ThreadTime.Nanoseconds - begin;
            bytes = ends.Client.HandshakeBytesSent + ends.Client.HandshakeBytesReceived;
        }

        double seconds = (ThreadTime.Nanoseconds - start) / 1e9;
        Array.Sort(times);
        Console.WriteLine(
            $"{name,-36} {Handshakes / seconds,8:f0} /s per core   p50 {times[Handshakes / 2] / 1e6,6:f3} ms   "
            + $"p99 {times[Handshakes * 99 / 100] / 1e6,6:f3} ms   {bytes} bytes");
    }

    private static void ReportRecords(TlsCipherSuite suite, TlsIdentity client, TlsIdentity server)
    {
        using Ends ends = ShakeHands(
            new TlsOptions { Identity = client, Suites = [suite] }, new TlsOptions { Identity = server });
        byte[] data = new byte[1 << 20];
        SystemRandom.Instance.Fill(data);
        var wire = new ArrayBufferWriter<byte>(2 << 20);
        var plaintext = new ArrayBufferWriter<byte>(2 << 20);
        long seal = 0;
        long open = 0;
        for (int i = 0; i < BulkBytes / data.Length; i++)
        {
            long begin = ThreadTime.Nanoseconds;
            ends.Client.Write(data, wire);
            long between = ThreadTime.Nanoseconds;
            ends.Server.Receive(wire.WrittenSpan, Now, wire, plaintext);
            open += ThreadTime.Nanoseconds - between;
            seal += between - begin;
            wire.ResetWrittenCount();
            plaintext.ResetWrittenCount();
        }

        Console.WriteLine(
            $"{"bulk " + suite,-36} seal {BulkBytes / 1e6 / (seal / 1e9),8:f0} MB/s   "
            + $"open {BulkBytes / 1e6 / (open / 1e9),8:f0} MB/s   per core");
    }

    private static async Task ReportPipesAsync(TlsIdentity client, TlsIdentity server)
    {
        var there = new Pipe();
        var back = new Pipe();
        Task<SecureConnection> accepting = SecureConnection.AcceptAsync(
            new DuplexEnd(there.Reader, back.Writer), new SecureChannelOptions { Identity = server }, default).AsTask();
        await using SecureConnection near = await SecureConnection.ConnectAsync(
            new DuplexEnd(back.Reader, there.Writer), new SecureChannelOptions { Identity = client }, default);
        await using SecureConnection far = await accepting;

        TimeSpan before = Environment.CpuUsage.TotalTime;
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        Task sending = SendAsync(near.Output);
        long received = await CountAsync(far.Input);
        await sending;
        double wall = System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds;
        double cpu = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        Console.WriteLine(
            $"{"bulk through pipes, both ends",-36} {received / 1e6 / wall,8:f0} MB/s wall   "
            + $"{received / 1e6 / cpu,8:f0} MB per CPU second of both ends");
    }

    private static async Task SendAsync(PipeWriter output)
    {
        byte[] data = new byte[64 * 1024];
        for (long sent = 0; sent < BulkBytes; sent += data.Length)
        {
            await output.WriteAsync(data);
        }

        await output.CompleteAsync();
    }

    private static async Task<long> CountAsync(PipeReader input)
    {
        long count = 0;
        ReadResult result;
        do
        {
            result = await input.ReadAsync();
            count += result.Buffer.Length;
            input.AdvanceTo(result.Buffer.End);
        }
        while (!result.IsCompleted);
        return count;
    }

    private static Ends ShakeHands(TlsOptions clientOptions, TlsOptions serverOptions)
    {
        var ends = new Ends(
            TlsConnection.Client(clientOptions, SystemRandom.Instance),
            TlsConnection.Server(serverOptions, SystemRandom.Instance));
        var toServer = new ArrayBufferWriter<byte>(16 * 1024);
        var toClient = new ArrayBufferWriter<byte>(16 * 1024);
        ends.Client.Start(toServer);
        ends.Server.Receive(toServer.WrittenSpan, Now, toClient, toClient);
        toServer.ResetWrittenCount();
        ends.Client.Receive(toClient.WrittenSpan, Now, toServer, toClient);
        ends.Server.Receive(toServer.WrittenSpan, Now, toClient, toClient);
        return ends.Client.State == TlsState.Established && ends.Server.State == TlsState.Established
            ? ends
            : throw new InvalidOperationException("The handshake failed.");
    }

    private static TlsIdentity MakeIdentity()
    {
        byte[] seed = new byte[MlDsa65.SeedSize];
        SystemRandom.Instance.Fill(seed);
        return TlsIdentity.Create(
            new MlDsa65SigningKey(seed), "bench", Now.AddDays(-1), Now.AddYears(100), SystemRandom.Instance);
    }

    private sealed record Ends(TlsConnection Client, TlsConnection Server) : IDisposable
    {
        public void Dispose()
        {
            Client.Dispose();
            Server.Dispose();
        }
    }

    private sealed record DuplexEnd(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
