namespace SigmaComms.Cryptography.Tests;

public sealed class SecretBytesTests
{
    [Fact]
    public void It_copies_its_source_and_a_clone_is_independent()
    {
        byte[] source = [1, 2, 3];
        using SecretBytes secret = new(source);
        using SecretBytes clone = secret.Clone();

        source[0] = 9;
        clone.Span[1] = 9;

        Assert.Equal([1, 2, 3], secret.Span.ToArray());
        Assert.Equal([1, 9, 3], clone.Span.ToArray());
        Assert.Equal(3, secret.Length);
    }

    [Fact]
    public void New_room_is_zero()
    {
        using SecretBytes secret = new(1000);

        Assert.Equal(-1, ((ReadOnlySpan<byte>)secret.Span).IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public unsafe void Disposing_zeroes_the_memory_and_refuses_further_use()
    {
        SecretBytes secret = new([1, 2, 3, 4]);
        fixed (byte* memory = secret.Span)
        {
            secret.Dispose();
            secret.Dispose();

            Assert.Equal(new byte[4], new ReadOnlySpan<byte>(memory, 4).ToArray());
        }

        Assert.Throws<ObjectDisposedException>(() => secret.Span.Length);
        Assert.Throws<ObjectDisposedException>(secret.Clone);
        Assert.Throws<ObjectDisposedException>(() => secret.FixedTimeEquals(new byte[4]));
    }

    [Fact]
    public void Printing_says_the_size_only()
    {
        using SecretBytes secret = new("password"u8);

        Assert.Equal("SecretBytes(8)", secret.ToString());
        Assert.Equal("SecretBytes(8)", $"{secret}");
    }

    [Fact]
    public void It_compares_by_content_and_length()
    {
        using SecretBytes secret = new([1, 2, 3]);

        Assert.True(secret.FixedTimeEquals([1, 2, 3]));
        Assert.False(secret.FixedTimeEquals([1, 2, 4]));
        Assert.False(secret.FixedTimeEquals([1, 2]));
        Assert.False(secret.FixedTimeEquals([]));
    }

    [Fact]
    public void A_negative_size_is_an_argument_error() =>
        Assert.ThrowsAny<ArgumentException>(() => new SecretBytes(-1));
}
