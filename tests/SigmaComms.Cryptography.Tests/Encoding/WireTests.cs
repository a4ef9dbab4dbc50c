using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Cryptography.Tests.Encoding;

/// <summary>Known answers of RFC 8446's presentation language, and hostile input.</summary>
public sealed class WireTests
{
    private static readonly Digest SomeDigest = Digest.Sha256("wire"u8);

    [Fact]
    public void Numbers_are_big_endian_and_vectors_have_their_length_in_front()
    {
        // RFC 8446, section 3.4: opaque mandatory<300..400> has a two-byte length; numbers are in network order.
        WireWriter writer = new WireWriter(1)
            .U8(1)
            .U16(0x0203)
            .U24(0x040506)
            .U32(0x0708090A)
            .U64(0x0B0C0D0E0F101112)
            .Flag(true)
            .Opaque8([0xAA])
            .Opaque16([0xBB, 0xCC])
            .Opaque24([0xDD])
            .Opaque32([0xEE])
            .Fixed([0xFF]);

        Assert.Equal(
            "0102030405060708090a0b0c0d0e0f101112" + "01" + "01aa" + "0002bbcc" + "000001dd" + "00000001ee" + "ff",
            Convert.ToHexStringLower(writer.ToArray()));
    }

    [Fact]
    public void Everything_that_was_written_is_read_back()
    {
        WireReader reader = new(Sample());

        Assert.Equal((byte)7, reader.U8());
        Assert.Equal((ushort)60_000, reader.U16());
        Assert.Equal(0xFFFFFE, reader.U24());
        Assert.Equal(4_000_000_000u, reader.U32());
        Assert.Equal(ulong.MaxValue - 1, reader.U64());
        Assert.True(reader.Flag());
        Assert.False(reader.Flag());
        Assert.Equal(SomeDigest, reader.Digest());
        Assert.Equal([1, 2, 3], reader.Opaque8().ToArray());
        Assert.Equal(new byte[300], reader.Opaque16().ToArray());
        Assert.Equal([4], reader.Opaque24(1).ToArray());
        Assert.Equal([5, 6], reader.Opaque32(2).ToArray());
        Assert.Equal(3, reader.Remaining);
        Assert.Equal([9, 9], reader.Fixed(2).ToArray());
        Assert.False(reader.AtEnd);
        Assert.Equal([8], reader.Rest().ToArray());
        Assert.True(reader.AtEnd);
        Assert.False(reader.Failed);
    }

    [Fact]
    public void A_truncation_at_every_length_fails_and_stays_failed()
    {
        byte[] sample = Sample();

        for (int length = 0; length < sample.Length; length++)
        {
            WireReader reader = new(sample.AsSpan(0, length));
            ReadAll(ref reader);

            Assert.True(reader.Failed);
            Assert.False(reader.AtEnd);
            Assert.Equal(0, reader.Remaining);
            Assert.Equal(0, reader.U8());
            Assert.Equal(0UL, reader.U64());
            Assert.Equal(default, reader.Digest());
            Assert.True(reader.Fixed(1).IsEmpty);
            Assert.True(reader.Rest().IsEmpty);
            Assert.True(reader.Failed);
        }
    }

    [Fact]
    public void Trailing_bytes_are_not_the_end()
    {
        WireReader reader = new([.. Sample(), 0]);

        ReadAll(ref reader);

        Assert.False(reader.Failed);
        Assert.False(reader.AtEnd);
        Assert.Equal(1, reader.Remaining);
    }

    [Fact]
    public void A_vector_over_its_limit_fails_even_if_the_bytes_are_there()
    {
        byte[] bytes = new WireWriter().Opaque8(new byte[11]).ToArray();
        WireReader fits = new(bytes);
        WireReader over = new(bytes);
        WireReader over16 = new(new WireWriter().Opaque16(new byte[11]).ToArray());
        WireReader over24 = new(new WireWriter().Opaque24(new byte[11]).ToArray());
        WireReader over32 = new(new WireWriter().Opaque32(new byte[11]).ToArray());

        Assert.Equal(11, fits.Opaque8(11).Length);
        Assert.True(over.Opaque8(10).IsEmpty);
        Assert.True(over16.Opaque16(10).IsEmpty);
        Assert.True(over24.Opaque24(10).IsEmpty);
        Assert.True(over32.Opaque32(10).IsEmpty);

        Assert.True(fits.AtEnd);
        Assert.True(over.Failed && over16.Failed && over24.Failed && over32.Failed);
    }

    [Theory]
    [InlineData("ffffffff")]
    [InlineData("80000000")]
    [InlineData("7fffffff")]
    public void A_length_that_no_array_can_have_fails(string length)
    {
        WireReader reader = new(Convert.FromHexString(length + "00"));

        Assert.True(reader.Opaque32(int.MaxValue).IsEmpty);
        Assert.True(reader.Failed);
    }

    [Fact]
    public void A_flag_is_zero_or_one()
    {
        for (int value = 2; value <= byte.MaxValue; value++)
        {
            WireReader reader = new([(byte)value]);

            reader.Flag();

            Assert.True(reader.Failed);
        }
    }

    [Fact]
    public void A_caller_can_make_the_reader_fail_and_a_negative_size_does()
    {
        WireReader refused = new([1, 2]);
        WireReader negative = new([1, 2]);

        refused.Fail();
        negative.Fixed(-1);

        Assert.True(refused.Failed);
        Assert.Equal(0, refused.U16());
        Assert.True(negative.Failed);
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        SeededRandom random = new(30);

        for (int run = 0; run < 2000; run++)
        {
            WireReader reader = new(random.Bytes(random.Below(80)));
            ReadAll(ref reader);

            Assert.True(reader.Failed || reader.Remaining >= 0);
        }
    }

    [Fact]
    public void What_does_not_fit_its_length_is_an_argument_error()
    {
        WireWriter writer = new();

        Assert.ThrowsAny<ArgumentException>(() => writer.U24(-1));
        Assert.ThrowsAny<ArgumentException>(() => writer.U24(1 << 24));
        Assert.ThrowsAny<ArgumentException>(() => writer.Opaque8(new byte[256]));
        Assert.ThrowsAny<ArgumentException>(() => writer.Opaque16(new byte[65_536]));
        Assert.ThrowsAny<ArgumentException>(() => writer.Opaque24(new byte[1 << 24]));

        Assert.Equal(0, writer.Length);
    }

    [Fact]
    public void A_cleared_writer_starts_anew_and_its_old_room_is_zero()
    {
        WireWriter writer = new WireWriter(4).Fixed([1, 2, 3, 4]);
        ReadOnlyMemory<byte> room = writer.WrittenMemory;

        writer.Clear();

        Assert.Equal(0, writer.Length);
        Assert.Equal(new byte[4], room.ToArray());
        Assert.Equal([5], writer.U8(5).ToArray());
    }

    [Fact]
    public void Growing_zeroes_the_old_room()
    {
        WireWriter writer = new WireWriter(4).Fixed([1, 2, 3, 4]);
        ReadOnlyMemory<byte> room = writer.WrittenMemory;

        writer.U8(5);

        Assert.Equal(new byte[4], room.ToArray());
        Assert.Equal([1, 2, 3, 4, 5], writer.Written.ToArray());
    }

    private static byte[] Sample() => new WireWriter()
        .U8(7)
        .U16(60_000)
        .U24(0xFFFFFE)
        .U32(4_000_000_000)
        .U64(ulong.MaxValue - 1)
        .Flag(true)
        .Flag(false)
        .Digest(SomeDigest)
        .Opaque8([1, 2, 3])
        .Opaque16(new byte[300])
        .Opaque24([4])
        .Opaque32([5, 6])
        .Fixed([9, 9, 8])
        .ToArray();

    private static void ReadAll(ref WireReader reader)
    {
        reader.U8();
        reader.U16();
        reader.U24();
        reader.U32();
        reader.U64();
        reader.Flag();
        reader.Flag();
        reader.Digest();
        reader.Opaque8();
        reader.Opaque16();
        reader.Opaque24(1000);
        reader.Opaque32(1000);
        reader.Fixed(3);
    }
}
