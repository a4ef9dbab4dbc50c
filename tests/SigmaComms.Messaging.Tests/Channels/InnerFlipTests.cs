using System.Buffers;
using System.Buffers.Binary;
using SigmaComms.Messaging.Channels;
using SigmaComms.Messaging.Channels.Handshakes;
using SigmaComms.Messaging.Channels.Records;
using Xunit.Abstractions;
using ChannelRecord = SigmaComms.Messaging.Channels.Records.Record;

namespace SigmaComms.Messaging.Tests.Channels;

/// <summary>
/// Flips bits of the handshake messages inside their protection, as only a peer that holds the keys could: the
/// transcript, the signature or Finished must catch it. Covered: every bit of the messages up to 64 bytes, of the
/// others one bit of every seventh byte.
/// </summary>
public sealed class InnerFlipTests(ITestOutputHelper output)
{
    private const int SmallMessageBytes = 64;

    private static readonly HandshakeFlights Flights = HandshakeFlights.Record();

    [Fact]
    public void A_client_refuses_a_flipped_bit_of_any_message_of_the_server()
    {
        List<byte[]> messages = MessagesOf(Flights.Answer, NewClient);
        Assert.Equal([2, 8, 13, 11, 15, 20], messages.Select(m => (int)m[0]));

        AssertAllFail(messages, NewClient);
    }

    [Fact]
    public void A_server_refuses_a_flipped_bit_of_any_message_of_the_client()
    {
        List<byte[]> messages = MessagesOf(Flights.Proof, NewServer);
        Assert.Equal([11, 15, 20], messages.Select(m => (int)m[0]));

        AssertAllFail(messages, NewServer);
    }

    private static ClientHandshake NewClient()
    {
        var client = new ClientHandshake(
            TestIdentities.ClientOptions, new SeededRandom(HandshakeFlights.Seed), new RecordWriter());
        client.Start(new ArrayBufferWriter<byte>());
        return client;
    }

    private static ServerHandshake NewServer()
    {
        var server = new ServerHandshake(
            TestIdentities.ServerOptions, new SeededRandom(HandshakeFlights.Seed + 1000), new RecordWriter());
        server.Handle(Flights.Hello.AsSpan(5), TestIdentities.Now, new ArrayBufferWriter<byte>());
        return server;
    }

    private void AssertAllFail(List<byte[]> messages, Func<Handshake> make)
    {
        (int Message, int Bit)[] flips = [.. Flips(messages)];
        output.WriteLine($"{flips.Length} bits");

        Parallel.ForEach(flips, flip =>
        {
            List<byte[]> changed = [.. messages];
            changed[flip.Message] = HandshakeFlights.Flipped(messages[flip.Message], flip.Bit);
            using Handshake handshake = make();

            TlsAlert? alert = Run(handshake, changed);

            // A length that became larger leaves the receiver waiting for the rest.
            bool isLength = flip.Bit / 8 is >= 1 and <= 3;
            Assert.True(alert is not null || isLength, $"message {messages[flip.Message][0]}, bit {flip.Bit}");
            Assert.False(handshake.IsDone);
        });
    }

    private static TlsAlert? Run(Handshake handshake, List<byte[]> messages)
    {
        var readers = new List<RecordProtection?> { handshake.TakeReader() };
        var inbox = new HandshakeInbox();
        messages.ForEach(message => inbox.Append(message));
        TlsAlert? alert = null;
        while (alert is null && !inbox.IsEmpty)
        {
            if (!handshake.Expects(inbox.NextType))
            {
                alert = TlsAlert.UnexpectedMessage;
            }
            else if (!inbox.TryTake(out byte[] message, out alert))
            {
                break;
            }
            else
            {
                alert = handshake.Handle(message, TestIdentities.Now, new ArrayBufferWriter<byte>());
                readers.Add(handshake.TakeReader());
            }
        }

        readers.ForEach(reader => reader?.Dispose());
        return alert;
    }

    private static IEnumerable<(int Message, int Bit)> Flips(List<byte[]> messages)
    {
        for (int i = 0; i < messages.Count; i++)
        {
            bool isSmall = messages[i].Length <= SmallMessageBytes;
            for (int at = 0; at < messages[i].Length; at += isSmall ? 1 : 7)
            {
                foreach (int bit in isSmall ? Enumerable.Range(0, 8) : [at * 5 % 8])
                {
                    yield return (i, (8 * at) + bit);
                }
            }
        }
    }

    // Opens the flight with the keys of an honest receiver.
    private static List<byte[]> MessagesOf(byte[] flight, Func<Handshake> make)
    {
        using Handshake handshake = make();
        RecordProtection? reader = handshake.TakeReader();
        var messages = new List<byte[]>();
        for (int at = 0; at < flight.Length;)
        {
            int size = BinaryPrimitives.ReadUInt16BigEndian(flight.AsSpan(at + 3));
            byte[] content = flight[(at + 5)..(at + 5 + size)];
            if (reader is not null)
            {
                byte[] inner = new byte[size - 16];
                var record = new ChannelRecord((ContentType)flight[at], flight.AsSpan(at, 5), content);
                Assert.True(reader.TryOpen(record, inner));
                content = inner[..^1];
            }

            at += 5 + size;
            for (int start = 0; start < content.Length;)
            {
                int end = start + 4 + (int)(BinaryPrimitives.ReadUInt32BigEndian(content.AsSpan(start)) & 0xFFFFFF);
                messages.Add(content[start..end]);
                start = end;
            }

            if (reader is null)
            {
                handshake.Handle(messages[^1], TestIdentities.Now, new ArrayBufferWriter<byte>());
                reader = handshake.TakeReader();
            }
        }

        reader?.Dispose();
        return messages;
    }
}
