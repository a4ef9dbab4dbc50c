using System.Diagnostics;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;
using Xunit.Abstractions;

namespace SigmaComms.Cluster.Tests.Sockets;

public sealed class ClusterNodeTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact(Timeout = 300_000)]
    public async Task Four_nodes_on_real_sockets_and_disks_carry_messages_from_client_to_client()
    {
        const int Messages = 2_000;
        SynchronizationContext.SetSynchronizationContext(null);
        await using var cluster = new RealCluster(4);
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < 4; i++)
        {
            clock.Restart();
            await cluster.StartAsync(i);
            output.WriteLine($"node {i + 1} ready after {clock.ElapsedMilliseconds} ms");
        }

        await cluster.UpAsync();

        var all = new TaskCompletionSource();
        int received = 0;
        await using LinkConnection alpha = await cluster.ConnectAsync(0, 2_001, (_, _, _) => ValueTask.CompletedTask);
        await using LinkConnection beta = await cluster.ConnectAsync(3, 2_002, async (link, message, _) =>
        {
            await link.SendAsync(new Acknowledge([((Delivery)message).MessageId]), CancellationToken.None);
            if (++received == Messages)
            {
                all.SetResult();
            }
        });
        await beta.RequestAsync<Done>(new PublishAccount(SimClient.Account.Encoded), Patience, default);
        await beta.RequestAsync<Done>(new Subscribe(SimCluster.IdentityOf(2_002).Id), Patience, default);
        clock.Restart();

        Done[] done = await Task.WhenAll(Enumerable.Range(0, Messages).Select(i => alpha.RequestAsync<Done>(
            new Deposit(SimCluster.IdentityOf(2_002).Id, SimClient.Id(i), new byte[1_024]), Patience, default)
            .AsTask()));
        await all.Task.WaitAsync(Patience);

        output.WriteLine($"{Messages / clock.Elapsed.TotalSeconds:F0} messages/s of 1 KiB, stored twice and delivered");
        Assert.Equal(Messages, done.Length);
        Assert.Equal(Messages, received);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_port_in_use_is_told_with_the_port_and_what_to_do()
    {
        await using var cluster = new RealCluster(2);
        await cluster.StartAsync(0);
        cluster.OptionsOf(1).Listen = cluster.OptionsOf(0).Listen;

        ClusterException error = await Assert.ThrowsAsync<ClusterException>(() => cluster.StartAsync(1));

        Assert.Equal(ClusterFailure.PortInUse, error.Reason);
        Assert.Contains($"port {cluster.OptionsOf(0).Listen!.Port}", error.Message, StringComparison.Ordinal);
        Assert.Contains("configure another port", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 300_000)]
    public async Task The_log_says_that_the_endpoint_speaks_tls_and_never_http()
    {
        await using var cluster = new RealCluster(1);

        await cluster.StartAsync(0);

        string endpoint = cluster.OptionsOf(0).Listen!.ToString();
        Assert.Contains(cluster.Log.Lines, line => line.Contains(
            $"listens at {endpoint} (TLS 1.3, hybrid key exchange, ML-DSA-65)",
            StringComparison.Ordinal));
        Assert.DoesNotContain(cluster.Log.Lines, line => line.Contains("http", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(cluster.Log.Lines, line => line.Contains("Application", StringComparison.Ordinal));
    }

    [Fact(Timeout = 300_000)]
    public async Task A_data_directory_in_use_is_told()
    {
        await using var cluster = new RealCluster(2);
        await cluster.StartAsync(0);
        cluster.OptionsOf(1).DataDirectory = cluster.OptionsOf(0).DataDirectory;

        ClusterException error = await Assert.ThrowsAsync<ClusterException>(() => cluster.StartAsync(1));

        Assert.Equal(ClusterFailure.DataDirectoryInUse, error.Reason);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_node_stops_and_starts_again_on_its_port_with_its_mailboxes()
    {
        await using var cluster = new RealCluster(2);
        await cluster.StartAsync(0);
        await cluster.StartAsync(1);
        await cluster.UpAsync();

        await using LinkConnection alpha = await cluster.ConnectAsync(0, 2_001, (_, _, _) => ValueTask.CompletedTask);
        await alpha.RequestAsync<Done>(new PublishAccount(SimClient.Account.Encoded), Patience, default);
        await alpha.RequestAsync<Done>(
            new Deposit(SimCluster.IdentityOf(2_002).Id, SimClient.Id(1), new byte[10]), Patience, default);

        await cluster.Nodes[0].StopAsync();
        ClusterNode again = await cluster.StartAsync(0);
        await RealCluster.UntilAsync(() => again.Health().Mailboxes > 0);

        Assert.Equal(RefusalReason.ShuttingDown, (await alpha.Closed).Reason);
        Assert.Equal(1, again.Health().Mailboxes);
    }
}
