using SigmaComms.Messaging.Channels;

namespace SigmaComms.Messaging.Tests.Channels;

/// <summary>HelloRetryRequest: for a group, with a cookie, and both.</summary>
public sealed class RetryTests
{
    private static readonly TlsOptions Wary = TestIdentities.ServerOptions with
    {
        RequireCookie = true,
        CookieKey = new TlsCookieKey(new SeededRandom(77)),
        CookieContext = new byte[] { 192, 0, 2, 1 },
    };

    private static readonly TlsOptions OnlyP256 =
        TestIdentities.ServerOptions with { Groups = [TlsGroup.SecP256r1MlKem768] };

    [Theory]
    [InlineData(TlsCipherSuite.Aes256GcmSha384)]
    [InlineData(TlsCipherSuite.Aes128GcmSha256)]
    public void A_server_with_another_group_asks_for_it(TlsCipherSuite suite)
    {
        using TlsPair pair = TlsPair.Established(
            TestIdentities.ClientOptions with { Suites = [suite] }, OnlyP256);

        Assert.Equal((TlsGroup.SecP256r1MlKem768, suite), (pair.Client.Group, pair.Client.Suite));
    }

    [Fact]
    public void A_client_without_that_group_is_refused()
    {
        using var pair = new TlsPair(
            TestIdentities.ClientOptions with { Groups = [TlsGroup.X25519MlKem768] }, OnlyP256);

        pair.Pump();

        Assert.Equal(TlsAlert.HandshakeFailure, pair.Client.ReceivedAlert);
    }

    [Fact]
    public void A_client_returns_the_cookie_and_is_served()
    {
        using TlsPair pair = TlsPair.Established(server: Wary);
        using TlsPair both = TlsPair.Established(server: Wary with { Groups = [TlsGroup.SecP256r1MlKem768] });

        Assert.Equal(TlsGroup.X25519MlKem768, pair.Server.Group);
        Assert.Equal(TlsGroup.SecP256r1MlKem768, both.Server.Group);
    }

    [Fact]
    public void Until_the_cookie_is_back_the_server_has_sent_less_than_it_received()
    {
        using var pair = new TlsPair(server: Wary);
        int received = pair.ToServer.WrittenCount;

        pair.DeliverToServer(TlsPair.Take(pair.ToServer));

        Assert.True(pair.ToClient.WrittenCount < 200 && received > 1200);
    }

    [Fact]
    public void The_cookie_carries_all_so_another_connection_of_the_server_can_finish()
    {
        using var first = new TlsPair(server: Wary, seed: 5);
        first.DeliverToServer(TlsPair.Take(first.ToServer));
        first.DeliverToClient(TlsPair.Take(first.ToClient));
        byte[] secondHello = TlsPair.Take(first.ToServer);

        using var server = TlsConnection.Server(Wary, new SeededRandom(99));
        server.Receive(secondHello, first.Now, first.ToClient, first.ServerData);
        first.DeliverToClient(TlsPair.Take(first.ToClient));
        server.Receive(TlsPair.Take(first.ToServer), first.Now, first.ToClient, first.ServerData);

        Assert.Equal((TlsState.Established, TlsState.Established), (first.Client.State, server.State));
    }

    [Fact]
    public void A_cookie_of_another_address_key_or_time_is_refused()
    {
        TlsOptions otherAddress = Wary with { CookieContext = new byte[] { 192, 0, 2, 2 } };
        TlsOptions otherKey = Wary with { CookieKey = new TlsCookieKey(new SeededRandom(78)) };

        Assert.Null(AlertAfter(Wary, TimeSpan.FromSeconds(10)));
        Assert.Equal(TlsAlert.IllegalParameter, AlertAfter(Wary, TimeSpan.FromSeconds(11)));
        Assert.Equal(TlsAlert.IllegalParameter, AlertAfter(otherAddress, TimeSpan.Zero));
        Assert.Equal(TlsAlert.IllegalParameter, AlertAfter(otherKey, TimeSpan.Zero));
    }

    [Fact]
    public void A_second_hello_that_ignores_the_cookie_is_refused()
    {
        using var pair = new TlsPair(server: Wary);
        byte[] hello = TlsPair.Take(pair.ToServer);

        pair.DeliverToServer(hello);
        pair.DeliverToServer(hello);

        Assert.Equal(TlsAlert.MissingExtension, pair.Server.SentAlert);
    }

    [Fact]
    public void A_second_hello_that_ignores_the_group_is_refused()
    {
        using var pair = new TlsPair(server: OnlyP256);
        byte[] hello = TlsPair.Take(pair.ToServer);

        pair.DeliverToServer(hello);
        pair.DeliverToServer(hello);

        Assert.Equal(TlsAlert.IllegalParameter, pair.Server.SentAlert);
    }

    [Fact]
    public void A_client_in_compatibility_mode_gets_one_change_cipher_spec()
    {
        using var pair = new TlsPair();
        byte[] id = new SeededRandom(1).Bytes(32);

        pair.DeliverToServer(Hellos.Record(Hellos.WithMiddle(0x0303, id, [0x13, 0x02], [0])));
        byte[] answer = TlsPair.Take(pair.ToClient);

        int helloSize = 5 + (256 * answer[3]) + answer[4];
        Assert.Equal(id, answer[44..76]);
        Assert.Equal([20, 3, 3, 0, 1, 1], answer[helloSize..(helloSize + 6)]);
        Assert.Equal(TlsStatus.Open, pair.DeliverToServer([20, 3, 3, 0, 1, 1]));
    }

    // The second hello, made for the wary server, arrives at a server with these options at another time.
    private static TlsAlert? AlertAfter(TlsOptions options, TimeSpan later)
    {
        using var pair = new TlsPair(server: Wary);
        pair.DeliverToServer(TlsPair.Take(pair.ToServer));
        pair.DeliverToClient(TlsPair.Take(pair.ToClient));
        using var server = TlsConnection.Server(options, new SeededRandom(1));
        server.Receive(TlsPair.Take(pair.ToServer), pair.Now + later, pair.ToClient, pair.ServerData);
        return server.SentAlert;
    }
}
