using System.IO.Pipelines;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Channels;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Channels;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Tests.Sockets;

/// <summary>A client's link gets new handshakes over real sockets, through Kestrel.</summary>
public sealed class RenewalSocketTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact(Timeout = 300_000)]
    public async Task A_client_keeps_its_link_over_several_handshakes_and_old_connections_are_closed()
    {
        await using var cluster = new RealCluster(1);
        await cluster.StartAsync(0);
        using var dialer = new SecureDialer(
            new SecureChannelOptions { Identity = MakeIdentity(), HandshakeTimeout = Patience }, NullLogger.Instance);
        var endpoint = new IPEndPoint(IPAddress.Loopback, cluster.OptionsOf(0).Listen!.Port);
        int dialled = 1;
        SecureConnection first = await dialer.DialAsync(endpoint, CancellationToken.None);
        await using var link = new LinkConnection(first, first.PeerId, new LinkOptions());
        link.Start();
        await link.RequestAsync<Welcome>(
            new Hello(LinkLimits.Protocol, cluster.Cluster, LinkKind.Client, Lane.Bulk, 0, default), Patience, default);
        link.KeepFresh(new LinkFreshness
        {
            Interval = TimeSpan.FromMilliseconds(100),
            DialAsync = async ct =>
            {
                SecureConnection next = await dialer.DialAsync(endpoint, ct);
                Interlocked.Increment(ref dialled);
                return ((IDuplexPipe)next, next.PeerId);
            },
            Check = welcome => Assert.Equal(cluster.Cluster, welcome.Cluster),
            Random = SystemRandom.Instance,
        });

        int answers = 0;
        while (answers < 6 || Volatile.Read(ref dialled) < 5 || !link.FirstConnectionClosed.IsCompleted)
        {
            Assert.IsType<Pong>(await link.RequestAsync(new Ping(), Patience, CancellationToken.None));
            answers++;
        }

        Assert.False(link.IsEnding);
        Assert.Equal(1, cluster.Nodes[0].Health().Clients);
    }

    private static TlsIdentity MakeIdentity()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var key = new MlDsa65SigningKey(SimCluster.IdentityOf(2_001).Key.ExportSeed());
        return TlsIdentity.Create(key, "client", now.AddHours(-1), now.AddHours(1), SystemRandom.Instance);
    }
}
