using System.Buffers.Binary;
using SigmaComms.Messaging.Channels;
using Xunit.Abstractions;

namespace SigmaComms.Messaging.Tests.Channels;

/// <summary>
/// Flips single bits of an honest handshake of about 20 KB on the wire. Covered by default: every bit of the first 160
/// bytes of each flight and of every record header, and of every other byte one bit, another one from byte to byte.
/// With SIGMA_TEST_FULL=1: every bit of every byte.
/// </summary>
public sealed class BitFlipTests(ITestOutputHelper output)
{
    private const int FullStartBytes = 160;

    private static readonly HandshakeFlights Flights = HandshakeFlights.Record();
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("SIGMA_TEST_FULL") == "1";

    [Fact]
    public void A_flipped_bit_of_the_client_hello_fails_the_handshake()
    {
        AssertAllFail(Flights.Hello, static changed =>
        {
            using var pair = new TlsPair(seed: HandshakeFlights.Seed);
            pair.DeliverToServer(changed);
            pair.DeliverToClient(TlsPair.Take(pair.ToClient));
            return Outcome(pair, pair.Server.State == TlsState.Handshaking && pair.Client.HandshakeBytesReceived == 0
                ? pair.Server
                : pair.Client);
        });
    }

    [Fact]
    public void A_flipped_bit_of_the_servers_flight_fails_the_handshake()
    {
        AssertAllFail(Flights.Answer, static changed =>
        {
            using var pair = new TlsPair(seed: HandshakeFlights.Seed);
            pair.DeliverToClient(changed);
            return Outcome(pair, pair.Client);
        });
    }

    [Fact]
    public void A_flipped_bit_of_the_clients_proof_fails_the_handshake()
    {
        AssertAllFail(Flights.Proof, static changed =>
        {
            using var pair = new TlsPair(seed: HandshakeFlights.Seed);
            pair.DeliverToServer(Flights.Hello);
            pair.DeliverToServer(changed);
            return Outcome(pair, pair.Server);
        });
    }

    [Fact]
    public void A_flipped_bit_of_a_record_is_detected_and_nothing_is_handed_over()
    {
        using TlsPair twin = TlsPair.Established(seed: HandshakeFlights.Seed);
        twin.Client.Write("sixteen bytes ok"u8, twin.ToServer);
        byte[] record = TlsPair.Take(twin.ToServer);

        Parallel.For(0, record.Length * 8, bit =>
        {
            using TlsPair pair = TlsPair.Established(seed: HandshakeFlights.Seed);
            TlsStatus status = pair.DeliverToServer(HandshakeFlights.Flipped(record, bit));
            bool isLonger = status == TlsStatus.Open && bit / 8 is 3 or 4;
            status = isLonger ? pair.DeliverToServer(new byte[70_000]) : status;

            Assert.Equal(TlsStatus.Failed, status);
            Assert.NotNull(pair.Server.SentAlert);
            Assert.Equal(0, pair.ServerData.WrittenCount);
        });
        output.WriteLine($"{record.Length * 8} bits");
    }

    private void AssertAllFail(byte[] flight, Func<byte[], TlsState> run)
    {
        int[] bits = [.. BitsOf(flight)];
        output.WriteLine($"{bits.Length} of {flight.Length * 8} bits");
        HashSet<int> ignored = PlainVersionBytes(flight);

        Parallel.ForEach(bits, bit =>
        {
            TlsState state = run(HandshakeFlights.Flipped(flight, bit));

            // RFC 8446, section 5.1: the version of a record in plain must be ignored for all purposes.
            TlsState expected = ignored.Contains(bit / 8) ? TlsState.Established : TlsState.Failed;
            Assert.True(expected == state, $"bit {bit % 8} of byte {bit / 8}: {state}");
        });
    }

    // A flip that makes a length larger leaves the receiver waiting; what comes next ends it.
    private static TlsState Outcome(TlsPair pair, TlsConnection judge)
    {
        if (judge.State == TlsState.Handshaking && judge == pair.Server)
        {
            pair.DeliverToServer(new byte[70_000]);
        }
        else if (judge.State == TlsState.Handshaking)
        {
            pair.DeliverToClient(new byte[70_000]);
        }

        Assert.True(judge.State != TlsState.Failed || judge.SentAlert is not null || judge.ReceivedAlert is not null);
        return judge.State;
    }

    private static IEnumerable<int> BitsOf(byte[] flight)
    {
        HashSet<int> full = [.. RecordStarts(flight).SelectMany(at => Enumerable.Range(at, 5))];
        for (int at = 0; at < flight.Length; at++)
        {
            bool isFull = IsFull || at < FullStartBytes || full.Contains(at);
            foreach (int bit in isFull ? Enumerable.Range(0, 8) : [at * 5 % 8])
            {
                yield return (8 * at) + bit;
            }
        }
    }

    private static HashSet<int> PlainVersionBytes(byte[] flight) =>
        [.. RecordStarts(flight).Where(at => flight[at] == 22).SelectMany(at => new[] { at + 1, at + 2 })];

    private static IEnumerable<int> RecordStarts(byte[] flight)
    {
        for (int at = 0; at < flight.Length; at += 5 + BinaryPrimitives.ReadUInt16BigEndian(flight.AsSpan(at + 3)))
        {
            yield return at;
        }
    }
}
