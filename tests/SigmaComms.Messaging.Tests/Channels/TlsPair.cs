using System.Buffers;
using SigmaComms.Messaging.Channels;

namespace SigmaComms.Messaging.Tests.Channels;

/// <summary>A client and a server in memory, with the bytes between them in the test's hand.</summary>
internal sealed class TlsPair : IDisposable
{
    private const int RoundsMax = 16;

    public TlsPair(TlsOptions? client = null, TlsOptions? server = null, ulong seed = 1)
    {
        Client = TlsConnection.Client(client ?? TestIdentities.ClientOptions, new SeededRandom(seed));
        Server = TlsConnection.Server(server ?? TestIdentities.ServerOptions, new SeededRandom(seed + 1000));
        Client.Start(ToServer);
    }

    public TlsConnection Client { get; }

    public TlsConnection Server { get; }

    /// <summary>Bytes on their way from the client to the server.</summary>
    public ArrayBufferWriter<byte> ToServer { get; } = new();

    /// <summary>Bytes on their way from the server to the client.</summary>
    public ArrayBufferWriter<byte> ToClient { get; } = new();

    /// <summary>What the client received.</summary>
    public ArrayBufferWriter<byte> ClientData { get; } = new();

    /// <summary>What the server received.</summary>
    public ArrayBufferWriter<byte> ServerData { get; } = new();

    public DateTimeOffset Now { get; set; } = TestIdentities.Now;

    /// <summary>A pair that has shaken hands.</summary>
    public static TlsPair Established(TlsOptions? client = null, TlsOptions? server = null, ulong seed = 1)
    {
        var pair = new TlsPair(client, server, seed);
        pair.Pump();
        Assert.Equal(TlsState.Established, pair.Client.State);
        Assert.Equal(TlsState.Established, pair.Server.State);
        return pair;
    }

    public static byte[] Take(ArrayBufferWriter<byte> bytes)
    {
        byte[] taken = bytes.WrittenSpan.ToArray();
        bytes.ResetWrittenCount();
        return taken;
    }

    public TlsStatus DeliverToServer(ReadOnlySpan<byte> bytes) => Server.Receive(bytes, Now, ToClient, ServerData);

    public TlsStatus DeliverToClient(ReadOnlySpan<byte> bytes) => Client.Receive(bytes, Now, ToServer, ClientData);

    /// <summary>Carries bytes both ways until none are left.</summary>
    public void Pump()
    {
        for (int i = 0; i < RoundsMax && (ToServer.WrittenCount > 0 || ToClient.WrittenCount > 0); i++)
        {
            DeliverToServer(Take(ToServer));
            DeliverToClient(Take(ToClient));
        }
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }
}
