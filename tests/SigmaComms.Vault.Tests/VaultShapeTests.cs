namespace SigmaComms.Vault.Tests;

public sealed class VaultShapeTests
{
    [Theory]
    [InlineData(1, "1+0, 1 MiB")]
    [InlineData(2, "1+1, 1 MiB")]
    [InlineData(3, "2+1, 1 MiB")]
    [InlineData(4, "2+2, 1 MiB")]
    [InlineData(5, "2+2, 1 MiB")]
    [InlineData(6, "4+2, 1 MiB")]
    [InlineData(100, "4+2, 1 MiB")]
    public void The_shape_follows_from_the_number_of_nodes_and_is_valid(int nodes, string expected)
    {
        VaultShape shape = VaultShape.DefaultFor(nodes);

        Assert.Equal(expected, shape.ToString());
        Assert.True(shape.IsValid);
        Assert.True(shape.Fragments <= nodes);
    }

    [Theory]
    [InlineData(0, 1, 65_536)]
    [InlineData(129, 1, 65_536)]
    [InlineData(128, 128, 65_536)]
    [InlineData(1, 2, 65_536)]
    [InlineData(4, -1, 65_536)]
    [InlineData(4, int.MaxValue, 65_536)]
    [InlineData(4, 2, 65_535)]
    [InlineData(4, 2, 98_304)]
    [InlineData(4, 2, 16_777_216)]
    public void A_number_out_of_its_range_is_not_valid(int data, int parity, int stripeSize)
    {
        Assert.False(new VaultShape(data, parity, stripeSize).IsValid);
    }

    [Fact]
    public void No_nodes_have_no_shape()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => VaultShape.DefaultFor(0));
    }
}
