using SigmaComms.Vault.Sealing;

namespace SigmaComms.Vault.Tests.Sealing;

public sealed class PadmeTests
{
    // 9 = 1001b has exponent 3 and keeps 2 bits besides the first; the paper's own example of rounding is of that form.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(8, 8)]
    [InlineData(9, 10)]
    [InlineData(11, 12)]
    [InlineData(1000, 1024)]
    [InlineData(1025, 1088)]
    [InlineData(1_000_000, 1_015_808)]
    [InlineData(1 << 20, 1 << 20)]
    [InlineData((1 << 20) + 1, (1 << 20) + (1 << 15))]
    public void A_size_is_rounded_up_to_its_bucket(long size, long bucket)
    {
        Assert.Equal(bucket, Padme.Bucket(size));
    }

    [Fact]
    public void Buckets_never_shrink_never_go_below_the_size_and_cost_at_most_an_eighth()
    {
        long before = 0;
        for (long size = 1; size < 200_000; size++)
        {
            long bucket = Padme.Bucket(size);

            Assert.InRange(bucket, size, size + (size / 8) + 1);
            Assert.True(bucket >= before, $"{size}");
            Assert.Equal(bucket, Padme.Bucket(bucket));
            before = bucket;
        }
    }

    [Fact]
    public void A_negative_size_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Padme.Bucket(-1));
    }
}
