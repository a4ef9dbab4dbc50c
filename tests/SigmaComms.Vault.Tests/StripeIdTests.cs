namespace SigmaComms.Vault.Tests;

public sealed class StripeIdTests
{
    [Fact]
    public void Its_bytes_come_back_and_order_it()
    {
        byte[] low = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
        byte[] high = [.. low];
        high[0] = 0xff;
        byte[] copy = new byte[16];

        new StripeId(low).CopyTo(copy);

        Assert.Equal(low, copy);
        Assert.True(new StripeId(low) < new StripeId(high));
        Assert.Equal("0102030405060708090a0b0c0d0e0f10", new StripeId(low).ToString());
    }

    [Fact]
    public void Another_length_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new StripeId(new byte[15]));
    }
}
