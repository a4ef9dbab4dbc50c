using System.Buffers;
using System.IO.Pipelines;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Channels;

namespace SigmaComms.Transport.Tests.Channels;

/// <summary>A client without loops of its own, so that the test decides what is read and written when.</summary>
internal static class RawClient
{
    /// <summary>Shakes hands; the last flight and the first data leave in one write.</summary>
    public static async Task<TlsConnection> ConnectAsync(
        IDuplexPipe transport, ReadOnlyMemory<byte> firstData = default)
    {
        var client = TlsConnection.Client(new TlsOptions { Identity = TestPeers.Client }, SystemRandom.Instance);
        var wire = new ArrayBufferWriter<byte>();
        var data = new ArrayBufferWriter<byte>();
        client.Start(wire);
        while (true)
        {
            bool isLast = client.State == TlsState.Established;
            if (isLast)
            {
                client.Write(firstData.Span, wire);
            }

            await transport.Output.WriteAsync(wire.WrittenMemory);
            wire.Clear();
            if (isLast)
            {
                return client;
            }

            ReadResult result = await transport.Input.ReadAsync();
            foreach (ReadOnlyMemory<byte> part in result.Buffer)
            {
                client.Receive(part.Span, TimeProvider.System.GetUtcNow(), wire, data);
            }

            transport.Input.AdvanceTo(result.Buffer.End);
        }
    }
}
