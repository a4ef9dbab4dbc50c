using System.Buffers;
using SigmaComms.Messaging.Channels;
using Xunit.Abstractions;

namespace SigmaComms.Messaging.Tests.Channels;

/// <summary>Delivery that is cut, slow, repeated, reordered, or noise.</summary>
public sealed class RecordOrderTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(new[] { 0, 0 })]
    [InlineData(new[] { 1 })]
    [InlineData(new[] { 1, 0 })]
    [InlineData(new[] { 0, 2 })]
    [InlineData(new[] { 0, 1, 0 })]
    [InlineData(new[] { 0, 1, 1 })]
    public void Records_repeated_reordered_or_left_out_end_the_connection(int[] order)
    {
        using TlsPair pair = TlsPair.Established();
        byte[][] records = [.. Enumerable.Range(0, 3).Select(i =>
        {
            pair.Client.Write([(byte)i], pair.ToServer);
            return TlsPair.Take(pair.ToServer);
        })];
        int inOrder = order.TakeWhile((record, i) => record == i).Count();

        TlsStatus status = TlsStatus.Open;
        foreach (int record in order)
        {
            status = pair.DeliverToServer(records[record]);
        }

        Assert.Equal((TlsStatus.Failed, TlsAlert.BadRecordMac), (status, pair.Server.SentAlert));
        Assert.Equal(inOrder, pair.ServerData.WrittenCount);
    }

    [Fact]
    public void A_record_of_one_direction_does_not_open_in_the_other()
    {
        using TlsPair pair = TlsPair.Established();
        pair.Client.Write("mine"u8, pair.ToServer);

        pair.DeliverToClient(TlsPair.Take(pair.ToServer));

        Assert.Equal(TlsAlert.BadRecordMac, pair.Client.SentAlert);
    }

    [Fact]
    public void A_record_of_another_connection_does_not_open()
    {
        using TlsPair one = TlsPair.Established(seed: 1);
        using TlsPair other = TlsPair.Established(seed: 2);
        one.Client.Write("data"u8, one.ToServer);

        other.DeliverToServer(TlsPair.Take(one.ToServer));

        Assert.Equal(TlsAlert.BadRecordMac, other.Server.SentAlert);
    }

    [Fact]
    public void Byte_by_byte_a_handshake_and_data_arrive_as_in_one_piece()
    {
        using var pair = new TlsPair();

        for (int round = 0; round < 4; round++)
        {
            foreach (byte one in TlsPair.Take(pair.ToServer))
            {
                Assert.Equal(TlsStatus.Open, pair.DeliverToServer([one]));
            }

            foreach (byte one in TlsPair.Take(pair.ToClient))
            {
                Assert.Equal(TlsStatus.Open, pair.DeliverToClient([one]));
            }

            if (round == 2)
            {
                pair.Client.Write("byte by byte"u8, pair.ToServer);
                pair.Server.Write("and back"u8, pair.ToClient);
            }
        }

        Assert.Equal("byte by byte"u8.ToArray(), pair.ServerData.WrittenSpan.ToArray());
        Assert.Equal("and back"u8.ToArray(), pair.ClientData.WrittenSpan.ToArray());
    }

    [Fact]
    public void Cut_at_any_byte_a_flight_waits_for_its_rest_and_then_goes_on()
    {
        HandshakeFlights flights = HandshakeFlights.Record();

        // Every cut in the first 512 bytes, then every 64th: each is a handshake.
        Parallel.ForEach(Cuts(flights.Hello), at => AssertWaits(flights.Hello, at, fromServer: false));
        Parallel.ForEach(Cuts(flights.Answer), at => AssertWaits(flights.Answer, at, fromServer: true));
    }

    [Fact]
    public void Random_bytes_never_throw_and_never_establish()
    {
        ulong seed = (ulong)Random.Shared.NextInt64();
        output.WriteLine($"seed {seed}");
        var random = new SeededRandom(seed);

        for (int i = 0; i < 600; i++)
        {
            using var pair = new TlsPair(seed: 7);
            byte[] noise = random.Bytes(1 + random.Below(600));
            noise[0] = (byte)(20 + random.Below(5)); // Most would end at the first byte otherwise.
            TlsConnection target = i % 2 == 0 ? pair.Server : pair.Client;

            target.Receive(noise, pair.Now, pair.ToClient, pair.ServerData);
            TlsStatus status = target.Receive(new byte[70_000], pair.Now, pair.ToClient, pair.ServerData);

            Assert.Equal(TlsStatus.Failed, status);
            Assert.True(target.SentAlert is not null || target.ReceivedAlert is not null);
        }
    }

    [Fact]
    public void Random_messages_under_the_right_keys_never_throw()
    {
        ulong seed = (ulong)Random.Shared.NextInt64();
        output.WriteLine($"seed {seed}");
        var random = new SeededRandom(seed);

        for (int i = 0; i < 300; i++)
        {
            using var pair = new TlsPair(seed: 7);
            using var server = new ScriptedServer(pair);
            TlsStatus status = TlsStatus.Open;
            for (int j = 0; j < 50 && status == TlsStatus.Open; j++)
            {
                byte[] body = random.Bytes(random.Below(80));
                status = server.Say([(byte)(j == 0 ? 8 : 1 + random.Below(25)), 0, 0, (byte)body.Length, .. body]);
            }

            Assert.Equal(TlsStatus.Failed, status);
        }
    }

    [Fact]
    public void Data_arrives_under_key_updates_of_both_sides_in_any_mixture()
    {
        ulong seed = (ulong)Random.Shared.NextInt64();
        output.WriteLine($"seed {seed}");
        var random = new SeededRandom(seed);
        using TlsPair pair = TlsPair.Established(TestIdentities.ClientOptions with { RecordsPerKey = 3 });
        var up = new ArrayBufferWriter<byte>();
        var down = new ArrayBufferWriter<byte>();

        for (int i = 0; i < 200; i++)
        {
            byte[] data = random.Bytes(1 + random.Below(40_000));
            bool isUp = random.Below(2) == 0;
            (isUp ? up : down).Write(data);
            TlsConnection sender = isUp ? pair.Client : pair.Server;
            ArrayBufferWriter<byte> wire = isUp ? pair.ToServer : pair.ToClient;
            Assert.True(sender.Write(data, wire));
            if (random.Below(4) == 0)
            {
                Assert.True(sender.UpdateKeys(requestPeer: random.Below(2) == 0, wire));
            }

            if (random.Below(3) == 0)
            {
                pair.Pump();
            }
        }

        pair.Pump();
        Assert.Equal(up.WrittenSpan.ToArray(), pair.ServerData.WrittenSpan.ToArray());
        Assert.Equal(down.WrittenSpan.ToArray(), pair.ClientData.WrittenSpan.ToArray());
    }

    private static IEnumerable<int> Cuts(byte[] flight) =>
        Enumerable.Range(1, flight.Length - 1).Where(at => at < 512 || at % 64 == 0);

    private static void AssertWaits(byte[] flight, int at, bool fromServer)
    {
        using var pair = new TlsPair(seed: HandshakeFlights.Seed);
        TlsPair.Take(pair.ToServer);
        TlsConnection target = fromServer ? pair.Client : pair.Server;
        ArrayBufferWriter<byte> answer = fromServer ? pair.ToServer : pair.ToClient;

        TlsStatus before = target.Receive(flight.AsSpan(0, at), pair.Now, answer, pair.ServerData);
        int answeredBefore = answer.WrittenCount;
        TlsStatus after = target.Receive(flight.AsSpan(at), pair.Now, answer, pair.ServerData);

        Assert.Equal((TlsStatus.Open, 0, TlsStatus.Open), (before, answeredBefore, after));
        Assert.True(answer.WrittenCount > 8000, $"{answer.WrittenCount} bytes after a cut at {at}");
    }
}
