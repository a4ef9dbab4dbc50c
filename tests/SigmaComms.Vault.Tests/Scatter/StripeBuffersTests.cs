using SigmaComms.Vault.Scatter;

namespace SigmaComms.Vault.Tests.Scatter;

public sealed class StripeBuffersTests
{
    [Fact]
    public void Room_that_comes_back_is_zeroed_and_lent_again()
    {
        StripeBuffers buffers = new();
        StripeBuffer first = buffers.Rent(3_000);
        first.Memory.Span.Fill(0xff);
        first.Dispose();
        first.Dispose();

        using StripeBuffer second = buffers.Rent(4_096);

        Assert.Equal(4_096, second.Memory.Length);
        Assert.Equal(-1, second.Memory.Span.IndexOfAnyExcept((byte)0));
        Assert.Equal((1, 1, 4_096, 4_096), buffers.Figures);
        Assert.Throws<ObjectDisposedException>(() => first.Memory);
    }

    [Fact]
    public void No_more_is_kept_than_allowed()
    {
        StripeBuffers buffers = new(keptMaxBytes: 1_024);
        StripeBuffer[] lent = [buffers.Rent(1), buffers.Rent(1_024), buffers.Rent(1_025)];
        foreach (StripeBuffer room in lent)
        {
            room.Dispose();
        }

        buffers.Rent(5).Dispose();
        buffers.Rent(2_000).Dispose();

        Assert.Equal((1, 4, 0, 4_096), buffers.Figures);
    }

    [Fact]
    public void Sizes_out_of_range_are_refused()
    {
        StripeBuffers buffers = new();

        Assert.Throws<ArgumentOutOfRangeException>(() => buffers.Rent(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffers.Rent(StripeBuffers.SizeMaxBytes + 1));
    }
}
