using System.Buffers;
using System.Buffers.Binary;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Messaging.Tests.Links;

public sealed class LinkCodecTests
{
    private const ulong Correlation = 0x0102030405060708;

    public static TheoryData<string> Names => LinkSamples.Names;

    public static TheoryData<string> LaterNames => LinkSamples.LaterNames;

    [Fact]
    public void Every_registered_message_has_a_sample()
    {
        ushort[] sampled = [.. LinkSamples.All.Select(sample => sample.WireId).Order()];

        Assert.Equal(LinkRegistry.Ids.Select(id => (ushort)id), sampled);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_message_survives_the_round_trip(string name)
    {
        LinkMessage sent = LinkSamples.Named(name);
        byte[] bytes = Encode(sent);

        FrameStatus status = Decode(bytes, out LinkFrame frame, out long rest);

        Assert.Equal(FrameStatus.Read, status);
        Assert.Equal(0, rest);
        Assert.Equal(FrameKind.Request, frame.Kind);
        Assert.Equal(Correlation, frame.Correlation);
        Assert.Equal(sent.GetType(), frame.Message!.GetType());
        Assert.Equal(bytes, Encode(frame.Message));
    }

    [Fact]
    public void A_refusal_carries_its_wait_rounded_up_and_none_over_the_limit()
    {
        var refused = new Refused(RefusalReason.TooFast, "slower")
        {
            RetryAfter = TimeSpan.FromMilliseconds(1_500.2),
        };

        FrameStatus status = Decode(Encode(refused), out LinkFrame frame, out _);
        FrameStatus over = Decode(WithWait(60_001), out _, out _);

        Assert.Equal(FrameStatus.Read, status);
        Assert.Equal(refused, frame.Message);
        Assert.Equal(TimeSpan.FromMilliseconds(1_501), Assert.IsType<Refused>(frame.Message).RetryAfter);
        Assert.Equal(FrameStatus.Malformed, over);

        static byte[] WithWait(uint waitMs)
        {
            byte[] bytes = Encode(
                new Refused(RefusalReason.TooFast, "slower") { RetryAfter = TimeSpan.FromMilliseconds(1) });
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(bytes.Length - 7), waitMs);
            return bytes;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_frame_cut_at_any_byte_asks_for_more_and_leaves_the_input(string name)
    {
        byte[] bytes = Encode(LinkSamples.Named(name));

        for (int length = 0; length < bytes.Length; length++)
        {
            FrameStatus status = Decode(bytes[..length], out _, out long rest);

            Assert.Equal(FrameStatus.NeedMore, status);
            Assert.Equal(length, rest);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_body_cut_at_any_byte_is_malformed(string name)
    {
        byte[] bytes = Encode(LinkSamples.Named(name));
        int header = LinkCodec.LengthSize + LinkCodec.HeaderSize;

        for (int length = header; length < bytes.Length; length++)
        {
            byte[] cut = bytes[..length];
            BinaryPrimitives.WriteUInt32BigEndian(cut, (uint)(length - LinkCodec.LengthSize));

            Assert.Equal(FrameStatus.Malformed, Decode(cut, out _, out _));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_body_with_a_byte_too_many_is_malformed(string name)
    {
        byte[] bytes = [.. Encode(LinkSamples.Named(name)), 0];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)(bytes.Length - LinkCodec.LengthSize));

        Assert.Equal(FrameStatus.Malformed, Decode(bytes, out _, out _));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_later_version_with_appended_fields_is_read_as_far_as_known(string name)
    {
        LinkMessage sent = LinkSamples.Newest(name);
        byte[] bytes = [.. Encode(sent), 0xAB];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)(bytes.Length - LinkCodec.LengthSize));
        bytes[6]++;

        FrameStatus status = Decode(bytes, out LinkFrame frame, out _);

        Assert.Equal(FrameStatus.Read, status);
        Assert.Equal(Encode(sent), Encode(frame.Message!));
    }

    [Theory]
    [MemberData(nameof(LaterNames))]
    public void A_message_with_appended_fields_survives_and_is_malformed_when_cut_or_called_an_earlier_version(
        string name)
    {
        byte[] bytes = Encode(LinkSamples.Newest(name));

        FrameStatus whole = Decode(bytes, out LinkFrame frame, out _);

        Assert.Equal(FrameStatus.Read, whole);
        Assert.Equal(bytes, Encode(frame.Message!));
        for (int length = LinkCodec.LengthSize + LinkCodec.HeaderSize; length < bytes.Length; length++)
        {
            byte[] cut = bytes[..length];
            BinaryPrimitives.WriteUInt32BigEndian(cut, (uint)(length - LinkCodec.LengthSize));
            Assert.Equal(FrameStatus.Malformed, Decode(cut, out _, out _));
        }

        bytes[6] = 1;
        Assert.Equal(FrameStatus.Malformed, Decode(bytes, out _, out _));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_frame_in_single_byte_segments_reads_the_same(string name)
    {
        byte[] bytes = Encode(LinkSamples.Named(name));
        ReadOnlySequence<byte> input = ByteSegments.Of(bytes);

        FrameStatus status = LinkCodec.TryRead(ref input, out LinkFrame frame);

        Assert.Equal(FrameStatus.Read, status);
        Assert.Equal(bytes, Encode(frame.Message!));
    }

    [Fact]
    public void Two_frames_in_one_input_are_read_one_after_the_other()
    {
        byte[] bytes = [.. Encode(new Ping()), .. Encode(new Done())];
        var input = new ReadOnlySequence<byte>(bytes);

        FrameStatus first = LinkCodec.TryRead(ref input, out LinkFrame ping);
        FrameStatus second = LinkCodec.TryRead(ref input, out LinkFrame done);

        Assert.Equal((FrameStatus.Read, FrameStatus.Read), (first, second));
        Assert.IsType<Ping>(ping.Message);
        Assert.IsType<Done>(done.Message);
        Assert.True(input.IsEmpty);
    }

    [Fact]
    public void An_unknown_message_is_reported_with_its_correlation_and_skipped()
    {
        byte[] bytes = Encode(new Ping());
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), 0x7FFF);

        FrameStatus status = Decode(bytes, out LinkFrame frame, out long rest);

        Assert.Equal(FrameStatus.UnknownMessage, status);
        Assert.Equal(new LinkFrame(FrameKind.Request, Correlation, null), frame);
        Assert.Equal(0, rest);
    }

    [Theory]
    [InlineData(0, FrameStatus.Malformed)]
    [InlineData(LinkCodec.HeaderSize - 1, FrameStatus.Malformed)]
    [InlineData(LinkLimits.FrameBytes, FrameStatus.NeedMore)]
    [InlineData(LinkLimits.FrameBytes + 1, FrameStatus.TooLarge)]
    [InlineData(uint.MaxValue, FrameStatus.TooLarge)]
    public void The_length_field_is_judged_before_the_body_arrives(uint length, FrameStatus expected)
    {
        byte[] bytes = new byte[LinkCodec.LengthSize];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, length);

        Assert.Equal(expected, Decode(bytes, out _, out _));
    }

    [Theory]
    [InlineData(6, 0)]
    [InlineData(7, 0)]
    [InlineData(7, 3)]
    [InlineData(7, 4)]
    public void A_header_that_breaks_the_format_is_malformed(int offset, byte value)
    {
        byte[] bytes = Encode(new Ping());
        bytes[offset] = value;

        Assert.Equal(FrameStatus.Malformed, Decode(bytes, out _, out _));
    }

    [Theory]
    [InlineData(FrameKind.Request)]
    [InlineData(FrameKind.Reply)]
    public void A_request_or_reply_without_a_number_is_malformed(FrameKind kind)
    {
        var output = new ArrayBufferWriter<byte>();
        LinkCodec.Write(new Ping(), kind, 0, output);

        Assert.Equal(FrameStatus.Malformed, Decode(output.WrittenSpan.ToArray(), out _, out _));
    }

    [Fact]
    public void Content_over_its_limit_is_malformed()
    {
        var alpha = new NodeId(Digest.Sha256("alpha"u8));
        byte[] allowed = Encode(new Deposit(alpha, default, new byte[LinkLimits.BlobBytes]));
        byte[] blob = Encode(new Deposit(alpha, default, new byte[LinkLimits.BlobBytes + 1]));
        byte[] ids = Encode(new Acknowledge(new Digest16[LinkLimits.IdsPerMessage + 1]));
        byte[] name = Encode(new FetchAccount(new string('a', LinkLimits.NameBytes + 1), null));
        byte[] label = Encode(new PutFragment(new byte[LinkLimits.FragmentLabelBytes + 1], 0, new byte[1]));
        byte[] put = Encode(new PutFragment(default, 0, new byte[LinkLimits.FragmentPartBytes + 1]));
        byte[] nothing = Encode(new PutFragment(default, 0, default));
        byte[] part = Encode(new FragmentPart(new byte[LinkLimits.FragmentPartBytes + 1]));
        byte[] get = Encode(new GetFragment(default, 0, LinkLimits.FragmentPartBytes + 1));
        byte[] weight = Encode(new StorageNodes(1, [new StorageNodeStatus(alpha, "", "", "", 0, 0, 0)]));

        Assert.Equal(FrameStatus.Read, Decode(allowed, out _, out _));
        Assert.All(
            new[] { blob, ids, name, label, put, nothing, part, get, weight },
            bytes => Assert.Equal(FrameStatus.Malformed, Decode(bytes, out _, out _)));
    }

    [Fact]
    public void A_part_of_a_fragment_comes_out_of_single_bytes_as_out_of_one_piece_and_gives_its_room_back_once()
    {
        byte[] content = [.. Enumerable.Range(0, 3_000).Select(number => (byte)(number % 251))];
        byte[] bytes = Encode(new PutFragment(new byte[] { 1 }, 7, content));
        ReadOnlySequence<byte> pieces = ByteSegments.Of(bytes);

        Decode(bytes, out LinkFrame whole, out _);
        LinkCodec.TryRead(ref pieces, out LinkFrame scattered);

        var first = Assert.IsType<PutFragment>(whole.Message);
        var second = Assert.IsType<PutFragment>(scattered.Message);
        Assert.Equal(content, first.Content.ToArray());
        Assert.Equal(content, second.Content.ToArray());
        first.Dispose();
        first.Dispose();
        Assert.True(first.Room!.Memory.IsEmpty);
        Assert.Equal(content, second.Content.ToArray());
        second.Dispose();
    }

    [Fact]
    public void A_frame_over_the_limit_is_the_senders_bug()
    {
        HeldMessage held = new(default, default, 0, new byte[LinkLimits.BlobBytes]);
        var tooMuch = new HandOver(default, [.. Enumerable.Repeat(held, 16)]);

        Assert.Throws<ArgumentException>(() => Encode(tooMuch));
    }

    [Fact]
    public void Text_that_is_not_UTF_8_is_malformed()
    {
        byte[] bytes = Encode(new FetchAccount("ab", null));
        bytes[^2] = 0xFF;

        Assert.Equal(FrameStatus.Malformed, Decode(bytes, out _, out _));
    }

    [Fact]
    public void An_unknown_refusal_stays_a_refusal()
    {
        byte[] bytes = Encode(new Refused(RefusalReason.NotFound, string.Empty));
        bytes[LinkCodec.LengthSize + LinkCodec.HeaderSize] = 250;

        FrameStatus status = Decode(bytes, out LinkFrame frame, out _);

        Assert.Equal(FrameStatus.Read, status);
        Assert.Equal(RefusalReason.Unknown, Assert.IsType<Refused>(frame.Message).Reason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_and_damaged_bytes_never_throw(int seed)
    {
        Console.WriteLine($"seed {seed}");
        var random = new Random(seed);
        foreach (LinkMessage sample in LinkSamples.All)
        {
            for (int round = 0; round < 200; round++)
            {
                byte[] bytes = Encode(sample);
                int damages = random.Next(1, 4);
                for (int i = 0; i < damages; i++)
                {
                    bytes[random.Next(LinkCodec.LengthSize, bytes.Length)] = (byte)random.Next(256);
                }

                FrameStatus status = Decode(bytes, out LinkFrame frame, out _);

                Assert.Equal(frame.Message is not null, status == FrameStatus.Read);
            }
        }

        byte[] noise = new byte[512];
        for (int round = 0; round < 5_000; round++)
        {
            random.NextBytes(noise);
            BinaryPrimitives.WriteUInt32BigEndian(noise, (uint)random.Next(noise.Length));

            FrameStatus status = Decode(noise, out LinkFrame frame, out _);

            Assert.Equal(frame.Message is not null, status == FrameStatus.Read);
        }
    }

    private static byte[] Encode(LinkMessage message)
    {
        var output = new ArrayBufferWriter<byte>();
        LinkCodec.Write(message, FrameKind.Request, Correlation, output);
        return output.WrittenSpan.ToArray();
    }

    private static FrameStatus Decode(byte[] bytes, out LinkFrame frame, out long rest)
    {
        var input = new ReadOnlySequence<byte>(bytes);
        FrameStatus status = LinkCodec.TryRead(ref input, out frame);
        rest = input.Length;
        return status;
    }
}
