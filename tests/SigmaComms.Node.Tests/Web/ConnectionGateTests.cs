using System.Net;
using Microsoft.AspNetCore.Connections;
using SigmaComms.Node.Web;

namespace SigmaComms.Node.Tests.Web;

public sealed class ConnectionGateTests
{
    [Fact]
    public async Task One_address_gets_its_share_others_theirs_and_who_leaves_makes_room()
    {
        ConnectionGate gate = new(2);
        TaskCompletionSource ends = new();
        Guest[] guests = [.. Enumerable.Range(0, 3).Select(_ => new Guest("192.0.2.1", gate, ends.Task))];
        Guest mapped = new("::ffff:192.0.2.1", gate, ends.Task);
        Guest other = new("192.0.2.2", gate, ends.Task);

        ends.SetResult();
        await Task.WhenAll(guests.Select(static guest => guest.Passing));
        Guest later = new("192.0.2.1", gate, ends.Task);
        await later.Passing;

        Assert.Equal([true, true, false], guests.Select(static guest => guest.IsServed));
        Assert.Equal((false, true, true), (mapped.IsServed, other.IsServed, later.IsServed));
    }

    [Theory]
    [InlineData("2001:db8::1", "2001:db8::ffff:1", false)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", true)]
    public void Addresses_of_one_network_of_IPv6_share(string first, string second, bool isServed)
    {
        ConnectionGate gate = new(1);
        TaskCompletionSource ends = new();
        Guest one = new(first, gate, ends.Task);

        Guest two = new(second, gate, ends.Task);

        Assert.Equal((true, isServed), (one.IsServed, two.IsServed));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void This_machine_is_not_bounded(string address)
    {
        ConnectionGate gate = new(1);
        TaskCompletionSource ends = new();

        Guest[] guests = [.. Enumerable.Range(0, 5).Select(_ => new Guest(address, gate, ends.Task))];

        Assert.All(guests, static guest => Assert.True(guest.IsServed));
    }

    private sealed class Guest
    {
        public Guest(string address, ConnectionGate gate, Task ends)
        {
            DefaultConnectionContext connection =
                new() { RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 1) };
            Passing = gate.PassAsync(connection, _ =>
            {
                IsServed = true;
                return ends;
            });
        }

        public bool IsServed { get; private set; }

        public Task Passing { get; }
    }
}
