using SigmaComms.Messaging.Channels;

namespace SigmaComms.Messaging.Tests.Channels;

/// <summary>The three flights of one honest handshake; the same seeds give the same bytes again.</summary>
internal sealed record HandshakeFlights(byte[] Hello, byte[] Answer, byte[] Proof)
{
    public const ulong Seed = 42;

    public static HandshakeFlights Record(TlsOptions? client = null, TlsOptions? server = null)
    {
        using var pair = new TlsPair(client, server, Seed);
        byte[] hello = TlsPair.Take(pair.ToServer);
        pair.DeliverToServer(hello);
        byte[] answer = TlsPair.Take(pair.ToClient);
        pair.DeliverToClient(answer);
        byte[] proof = TlsPair.Take(pair.ToServer);
        pair.DeliverToServer(proof);
        Assert.Equal(TlsState.Established, pair.Server.State);
        return new HandshakeFlights(hello, answer, proof);
    }

    public static byte[] Flipped(byte[] bytes, int bit)
    {
        byte[] changed = [.. bytes];
        changed[bit / 8] ^= (byte)(1 << (bit % 8));
        return changed;
    }
}
