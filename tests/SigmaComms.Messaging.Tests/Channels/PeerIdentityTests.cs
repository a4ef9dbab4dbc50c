using SigmaComms.Messaging.Channels;

namespace SigmaComms.Messaging.Tests.Channels;

/// <summary>Certificates that are expired, early, somebody else's, or not admitted, in both roles.</summary>
public sealed class PeerIdentityTests
{
    // The key of one peer with the certificate of another.
    private static readonly TlsIdentity Impostor =
        new(TestIdentities.Expired.Key, TestIdentities.Client.CertificateDer);

    public static TheoryData<string, TlsAlert> Cases => new()
    {
        { nameof(TestIdentities.Expired), TlsAlert.CertificateExpired },
        { nameof(TestIdentities.NotYetValid), TlsAlert.CertificateExpired },
        { nameof(Impostor), TlsAlert.DecryptError },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_client_refuses_such_a_server(string who, TlsAlert alert)
    {
        using var pair = new TlsPair(server: new TlsOptions { Identity = Identity(who) });

        pair.Pump();

        Assert.Equal((TlsState.Failed, alert), (pair.Client.State, pair.Client.SentAlert));
        Assert.Equal((TlsState.Failed, alert), (pair.Server.State, pair.Server.ReceivedAlert));
        Assert.Equal(default, pair.Client.PeerId);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_server_refuses_such_a_client(string who, TlsAlert alert)
    {
        using var pair = new TlsPair(client: new TlsOptions { Identity = Identity(who) });

        pair.Pump();

        Assert.Equal((TlsState.Failed, alert), (pair.Server.State, pair.Server.SentAlert));
        Assert.Equal((TlsState.Failed, alert), (pair.Client.State, pair.Client.ReceivedAlert));
        Assert.True(pair.Server.PeerPublicKey.IsEmpty);
    }

    [Fact]
    public void A_certificate_holds_from_its_first_to_its_last_second()
    {
        DateTimeOffset from = TestIdentities.Now;
        DateTimeOffset to = from.AddHours(1);
        using TlsIdentity identity = TestIdentities.Make(50, "hour", from, to);

        Assert.Equal(TlsState.Failed, StateAt(identity, from.AddTicks(-1)));
        Assert.Equal(TlsState.Established, StateAt(identity, from));
        Assert.Equal(TlsState.Established, StateAt(identity, to.AddSeconds(0.9)));
        Assert.Equal(TlsState.Failed, StateAt(identity, to.AddSeconds(1)));
    }

    [Fact]
    public void Only_a_peer_that_proved_its_key_is_asked_about()
    {
        var asked = new List<string>();
        TlsOptions curious = TestIdentities.ServerOptions with
        {
            AcceptPeer = id =>
            {
                asked.Add(id.ToString());
                return true;
            },
        };
        using var impostor = new TlsPair(client: new TlsOptions { Identity = Impostor }, server: curious);
        impostor.Pump();
        Assert.Empty(asked);

        using TlsPair honest = TlsPair.Established(server: curious);

        Assert.Equal([TestIdentities.Client.Id.ToString()], asked);
    }

    [Fact]
    public void A_peer_that_is_not_admitted_is_told_access_denied()
    {
        using var server = new TlsPair(server: TestIdentities.ServerOptions with { AcceptPeer = _ => false });
        using var client = new TlsPair(client: TestIdentities.ClientOptions with { AcceptPeer = _ => false });

        server.Pump();
        client.Pump();

        Assert.Equal(TlsAlert.AccessDenied, server.Server.SentAlert);
        Assert.Equal(TlsAlert.AccessDenied, client.Client.SentAlert);
        Assert.Equal(TlsAlert.AccessDenied, server.Client.ReceivedAlert);
    }

    private static TlsState StateAt(TlsIdentity server, DateTimeOffset now)
    {
        using var pair = new TlsPair(server: new TlsOptions { Identity = server }) { Now = now };
        pair.Pump();
        return pair.Client.State;
    }

    private static TlsIdentity Identity(string who) => who switch
    {
        nameof(TestIdentities.Expired) => TestIdentities.Expired,
        nameof(TestIdentities.NotYetValid) => TestIdentities.NotYetValid,
        _ => Impostor,
    };
}
