using System.Text;
using SigmaComms.Client.Sessions;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Tests.Sessions;

public sealed class EnvelopeTests
{
    private static readonly Digest16 Id = new(Enumerable.Range(0x10, 16).Select(i => (byte)i).ToArray());
    private static readonly StreamPlace Seventh = new(0x5152535455565758, 7, 4);
    private static readonly StreamPlace NoPlace = Seventh with { Counter = 0 };
    private static readonly StreamAcknowledgement Third = new(0x6162636465666768, 3);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1024)]
    [InlineData(Envelope.BodyMaxBytes)]
    public void Every_allowed_body_survives_a_round_trip(int sizeBytes)
    {
        byte[] body = new SeededRandom(1).Bytes(sizeBytes);
        var envelope = new Envelope(EnvelopeKind.Text, Id, Seventh, Third, 1_700_000_000_123, body);

        bool read = Envelope.TryDecode(envelope.Encode(), out Envelope? decoded);

        Assert.True(read);
        Assert.Equal(envelope with { Body = default }, decoded! with { Body = default });
        Assert.Equal(body, decoded.Body.ToArray());
    }

    [Fact]
    public void The_encoding_is_the_one_of_the_format_table()
    {
        var envelope = new Envelope(
            EnvelopeKind.Text, Id, Seventh, Third, 0x0102030405060708, Encoding.UTF8.GetBytes("hi"));

        string hex = Convert.ToHexStringLower(envelope.Encode());

        Assert.Equal(
            "0201" + "101112131415161718191a1b1c1d1e1f"
            + "5152535455565758" + "0000000000000007" + "0000000000000004"
            + "6162636465666768" + "0000000000000003"
            + "0102030405060708" + "000002" + "6869",
            hex);
    }

    [Fact]
    public void A_body_over_the_limit_is_the_callers_fault()
    {
        var envelope = new Envelope(EnvelopeKind.Text, Id, Seventh, Third, 0, new byte[Envelope.BodyMaxBytes + 1]);

        Assert.Throws<ArgumentOutOfRangeException>(envelope.Encode);
    }

    [Fact]
    public void An_unknown_kind_is_kept_so_that_it_leaves_no_gap()
    {
        byte[] encoded = new Envelope((EnvelopeKind)77, Id, Seventh, Third, 0, new byte[3]).Encode();

        bool read = Envelope.TryDecode(encoded, out Envelope? decoded);

        Assert.True(read);
        Assert.Equal((EnvelopeKind)77, decoded!.Kind);
        Assert.Equal(Seventh, decoded.Place);
    }

    [Fact]
    public void Every_truncation_and_every_trailing_byte_is_refused()
    {
        byte[] encoded = new Envelope(EnvelopeKind.Text, Id, Seventh, Third, 5, new byte[40]).Encode();

        for (int size = 0; size < encoded.Length; size++)
        {
            Assert.False(Envelope.TryDecode(encoded.AsSpan(0, size), out _), $"{size} bytes were taken");
        }

        Assert.False(Envelope.TryDecode([.. encoded, 0], out _));
    }

    [Fact]
    public void A_receipt_has_no_place_and_a_report_for_a_body_and_all_else_has_a_place()
    {
        byte[] report = new ReceiptReport(true, [new CounterRun(5, 9)]).Encode();

        Assert.True(IsTaken(EnvelopeKind.Receipt, NoPlace, Third, default));
        Assert.True(IsTaken(EnvelopeKind.Receipt, NoPlace, Third, report));
        Assert.False(IsTaken(EnvelopeKind.Receipt, Seventh, Third, report));
        Assert.False(IsTaken(EnvelopeKind.Receipt, NoPlace, Third, new byte[1]));
        Assert.False(IsTaken(EnvelopeKind.Text, NoPlace, Third, default));
    }

    [Theory]
    [InlineData(0, 7, 4)]
    [InlineData(1, 7, 0)]
    [InlineData(1, 7, 8)]
    [InlineData(1, Envelope.CounterMax + 1, 4)]
    [InlineData(1, ulong.MaxValue, ulong.MaxValue)]
    public void A_place_that_no_sender_has_is_refused(ulong stream, ulong counter, ulong floor)
    {
        Assert.False(IsTaken(EnvelopeKind.Text, new StreamPlace(stream, counter, floor), Third, default));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, Envelope.CounterMax + 1)]
    [InlineData(1, ulong.MaxValue)]
    public void An_acknowledgement_that_no_sender_has_is_refused(ulong stream, ulong upTo)
    {
        Assert.False(IsTaken(EnvelopeKind.Text, Seventh, new StreamAcknowledgement(stream, upTo), default));
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new SeededRandom(42);

        for (int i = 0; i < 5_000; i++)
        {
            byte[] bytes = random.Bytes(random.Below(200));
            Envelope.TryDecode(bytes, out Envelope? decoded);
            Assert.True(decoded is null || decoded.Encode().AsSpan().SequenceEqual(bytes), "not canonical");
        }
    }

    private static bool IsTaken(
        EnvelopeKind kind, StreamPlace place, StreamAcknowledgement acknowledged, ReadOnlyMemory<byte> body) =>
        Envelope.TryDecode(new Envelope(kind, Id, place, acknowledged, 0, body).Encode(), out _);
}
