using System.Net;
using SigmaComms.Transport.Channels;
using Xunit.Abstractions;

namespace SigmaComms.Transport.Tests.Channels;

public sealed class HalfOpenTableTests(ITestOutputHelper output)
{
    private static readonly UInt128 Here = AddressKey.Of(IPAddress.Parse("192.0.2.1"));
    private static readonly UInt128 There = AddressKey.Of(IPAddress.Parse("192.0.2.2"));
    private static readonly UInt128 Elsewhere = AddressKey.Of(IPAddress.Parse("192.0.2.3"));

    private static readonly Action Ignore = () => { };

    [Fact]
    public void Above_the_share_of_an_address_its_oldest_goes_and_no_other()
    {
        var table = new HalfOpenTable(max: 8, perAddressMax: 2);
        table.Enter(There, Ignore, out _, out _);
        HalfOpen oldest = table.Enter(Here, Ignore, out _, out _);
        HalfOpen second = table.Enter(Here, Ignore, out _, out HalfOpen? none);

        table.Enter(Here, Ignore, out int ofAddress, out HalfOpen? evicted);
        table.Enter(Here, Ignore, out _, out HalfOpen? next);

        Assert.Null(none);
        Assert.Same(oldest, evicted);
        Assert.Same(second, next);
        Assert.Equal((2, 3), (ofAddress, table.Count));
    }

    [Fact]
    public void In_a_full_table_the_oldest_of_the_address_with_most_goes()
    {
        var table = new HalfOpenTable(max: 4, perAddressMax: 3);
        table.Enter(There, Ignore, out _, out _);
        HalfOpen oldestHere = table.Enter(Here, Ignore, out _, out _);
        table.Enter(Here, Ignore, out _, out _);
        table.Enter(Here, Ignore, out _, out _);

        table.Enter(Elsewhere, Ignore, out _, out HalfOpen? evicted);

        Assert.Same(oldestHere, evicted);
        Assert.Equal(4, table.Count);
    }

    [Fact]
    public void Who_left_makes_room_and_leaves_once()
    {
        var table = new HalfOpenTable(max: 1, perAddressMax: 1);
        HalfOpen first = table.Enter(Here, Ignore, out _, out _);

        table.Leave(first);
        table.Enter(There, Ignore, out _, out HalfOpen? evicted);
        table.Leave(first);

        Assert.Null(evicted);
        Assert.Equal(1, table.Count);
    }

    [Fact]
    public void All_addresses_of_one_slash_64_share()
    {
        UInt128 one = AddressKey.Of(IPAddress.Parse("2001:db8:0:1::1"));
        UInt128 other = AddressKey.Of(IPAddress.Parse("2001:db8:0:1:ffff::2"));
        UInt128 next = AddressKey.Of(IPAddress.Parse("2001:db8:0:2::1"));

        Assert.Equal(one, other);
        Assert.NotEqual(one, next);
        Assert.Equal(Here, AddressKey.Of(IPAddress.Parse("::ffff:192.0.2.1")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_comes_and_goes_the_bounds_hold_and_the_counts_are_right(int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var table = new HalfOpenTable(max: 40, perAddressMax: 7);
        var model = new List<HalfOpen>();
        for (int i = 0; i < 5_000; i++)
        {
            if (random.Next(3) == 0 && model.Count > 0)
            {
                HalfOpen leaving = model[random.Next(model.Count)];
                model.Remove(leaving);
                table.Leave(leaving);
            }
            else
            {
                var address = (UInt128)random.Next(12);
                model.Add(table.Enter(address, Ignore, out int ofAddress, out HalfOpen? evicted));
                model.RemoveAll(entry => ReferenceEquals(entry, evicted));
                Assert.Equal(model.Count(entry => entry.Address == address), ofAddress);
            }

            Assert.Equal(model.Count, table.Count);
            Assert.True(model.Count <= 40 && model.GroupBy(entry => entry.Address).All(group => group.Count() <= 7));
        }
    }
}
