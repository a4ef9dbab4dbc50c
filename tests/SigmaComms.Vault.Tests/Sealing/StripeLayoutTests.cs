using SigmaComms.Vault.Sealing;

namespace SigmaComms.Vault.Tests.Sealing;

public sealed class StripeLayoutTests
{
    [Theory]
    [InlineData(1 << 20, 4, 2, 1 << 18)]
    [InlineData(1 << 20, 10, 4, 104_896)]
    [InlineData(1, 1, 0, 64)]
    [InlineData(1, 4, 2, 64)]
    [InlineData(2049, 4, 2, 576)]
    [InlineData(1_000_000, 2, 2, 507_904)]
    public void The_fragments_length_follows_from_the_numbers(int length, int data, int parity, int fragment)
    {
        StripeLayout layout = new(length, data, parity);

        Assert.Equal(fragment, layout.FragmentLength);
        Assert.Equal(fragment * data, layout.BodyLength);
        Assert.Equal(fragment * (data + parity), layout.StripeLength);
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(-1, 1, 0)]
    [InlineData((8 << 20) + 1, 1, 0)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 129, 0)]
    [InlineData(1, 1, 2)]
    [InlineData(1, 128, 128)]
    [InlineData(1, 1, -1)]
    public void Numbers_out_of_range_are_refused(int length, int data, int parity)
    {
        Assert.False(StripeLayout.IsValid(length, data, parity));
        Assert.Throws<ArgumentException>(() => new StripeLayout(length, data, parity));
    }

    [Fact]
    public void Whole_stripes_grow_by_less_than_one_percent_beyond_their_parity()
    {
        foreach (int data in (int[])[1, 2, 4, 10, 16, 100, 128])
        {
            StripeLayout layout = new(1 << 20, data, 0);

            Assert.InRange(layout.StripeLength, 1 << 20, (int)((1 << 20) * 1.01));
        }
    }
}
