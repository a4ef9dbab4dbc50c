using System.Diagnostics;
using System.Text;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence;
using SigmaComms.Persistence.PostgreSql;
using SigmaComms.Persistence.Sqlite;
using SigmaComms.Persistence.Tests.PostgreSql;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Tests.Sockets;

/// <summary>Where a node keeps its journal, and what can be read there.</summary>
public sealed class NodeStoreTests
{
    private const int Sender = 2_001;
    private const int Recipient = 2_002;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly byte[] Marker = Encoding.UTF8.GetBytes("the-marker-that-no-journal-may-tell");

    [Fact(Timeout = 120_000)]
    public async Task No_file_of_a_node_tells_what_its_mailboxes_and_its_directory_hold()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        await using RealCluster cluster = await StartPairAsync(_ => { });
        await DepositAsync(cluster);
        Assert.Empty(FilesWithContent(cluster));

        await StopAsync(cluster);

        Assert.Empty(FilesWithContent(cluster));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_journal_that_was_not_sealed_is_refused_with_what_to_do_and_left_as_it_is()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        await using var cluster = new RealCluster(1);
        string file = Path.Combine(cluster.OptionsOf(0).DataDirectory, "journal.db");
        await using (SqliteStore plain = await OpenAsync(file))
        {
            await plain.AppendAsync("directory", 0, 0, [new NewEvent(1, 1, Marker)], CancellationToken.None);
        }

        ClusterException error = await Assert.ThrowsAsync<ClusterException>(() => cluster.StartAsync(0));

        Assert.Equal(ClusterFailure.StorageFailed, error.Reason);
        Assert.Contains("written by a version that did not seal it. Move it away", error.Message);
        await using SqliteStore again = await OpenAsync(file);
        Assert.Equal(1, await again.HighestSequenceAsync("directory", CancellationToken.None));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_journal_of_another_node_is_refused()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        await using var cluster = new RealCluster(2);
        await (await cluster.StartAsync(0)).StopAsync();
        cluster.OptionsOf(1).DataDirectory = cluster.OptionsOf(0).DataDirectory;

        ClusterException error = await Assert.ThrowsAsync<ClusterException>(() => cluster.StartAsync(1));

        Assert.Contains("sealed with another key", error.Message);
    }

    [PostgreSqlFact(Timeout = 120_000)]
    public async Task Nodes_on_PostgreSQL_keep_their_mailboxes_over_a_restart_and_the_server_sees_no_content()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        await using RealCluster cluster = await StartPairAsync(
            options => options.PostgreSql = PostgreSqlServer.Shared.NewSchema());
        await DepositAsync(cluster);

        await StopAsync(cluster);
        ClusterNode again = await cluster.StartAsync(0);
        while (again.Health().Mailboxes == 0)
        {
            await Task.Yield();
        }

        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(0L, EventsWithContent(cluster.OptionsOf(i).PostgreSql!, Marker));
            Assert.Equal(0L, EventsWithContent(cluster.OptionsOf(i).PostgreSql!, SimClient.Account.Encoded.ToArray()));
            Assert.False(File.Exists(Path.Combine(cluster.OptionsOf(i).DataDirectory, "journal.db")));
        }

        Assert.True(EventsWithContent(cluster.OptionsOf(0).PostgreSql!, []) is > 1L);
    }

    [PostgreSqlFact(Timeout = 240_000)]
    public async Task A_server_killed_under_the_nodes_costs_no_confirmed_message_and_they_go_on_when_it_is_back()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        using var server = new PostgreSqlServer();
        await using RealCluster cluster = await StartPairAsync(options => options.PostgreSql = server.NewSchema());
        LinkConnection alpha = await DepositAsync(cluster);
        server.Kill();
        await Assert.ThrowsAnyAsync<Exception>(() => DepositAsync(alpha, number: 2));
        server.Start();

        await UntilStoredAsync(alpha, number: 2);

        Assert.Equal(
            [SimClient.Id(1), SimClient.Id(2)], (await ReceiveAsync(cluster, count: 2)).OrderBy(id => id.ToString()));
        Assert.Contains(cluster.Nodes, node => node.Health().StorageFailures > 0);
    }

    [PostgreSqlFact(Timeout = 120_000)]
    public async Task A_schema_of_another_node_and_a_server_that_is_not_there_are_told()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        await using var cluster = new RealCluster(3);
        PostgreSqlStoreOptions schema = PostgreSqlServer.Shared.NewSchema();
        cluster.OptionsOf(0).PostgreSql = cluster.OptionsOf(1).PostgreSql = schema;
        cluster.OptionsOf(2).PostgreSql = new PostgreSqlStoreOptions
        {
            ConnectionString = "Host=127.0.0.1;Port=1;Username=sigma;SSL Mode=Disable",
        };
        await cluster.StartAsync(0);

        ClusterException other = await Assert.ThrowsAsync<ClusterException>(() => cluster.StartAsync(1));
        ClusterException absent = await Assert.ThrowsAsync<ClusterException>(() => cluster.StartAsync(2));

        Assert.Contains("sealed with another key", other.Message);
        Assert.Contains("the server cannot be reached", absent.Message);
    }

    private static async Task<RealCluster> StartPairAsync(Action<ClusterNodeOptions> configure)
    {
        var cluster = new RealCluster(2);
        for (int i = 0; i < 2; i++)
        {
            configure(cluster.OptionsOf(i));
            await cluster.StartAsync(i);
        }

        while (cluster.Nodes.Any(node => node.Health().MembersUp < 2))
        {
            await Task.Yield();
        }

        return cluster;
    }

    /// <summary>Publishes an account and leaves a message with the marker in a mailbox of both nodes.</summary>
    private static async Task<LinkConnection> DepositAsync(RealCluster cluster)
    {
        LinkConnection alpha = await cluster.ConnectAsync(0, Sender, (_, _, _) => ValueTask.CompletedTask);
        await alpha.RequestAsync<Done>(new PublishAccount(SimClient.Account.Encoded), Patience, default);
        await DepositAsync(alpha, number: 1);
        return alpha;
    }

    private static Task DepositAsync(LinkConnection sender, int number) => sender.RequestAsync<Done>(
        new Deposit(SimCluster.IdentityOf(Recipient).Id, SimClient.Id(number), Marker), Patience, default).AsTask();

    /// <summary>Repeats a deposit as a client does, until it is confirmed.</summary>
    private static async Task UntilStoredAsync(LinkConnection sender, int number)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await DepositAsync(sender, number);
                return;
            }
            catch (LinkException) when (clock.Elapsed < TimeSpan.FromSeconds(90))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
        }
    }

    /// <summary>The ids that the recipient gets from the second node, repeats left out.</summary>
    private static async Task<HashSet<Digest16>> ReceiveAsync(RealCluster cluster, int count)
    {
        var all = new TaskCompletionSource();
        HashSet<Digest16> received = [];
        LinkConnection beta = await cluster.ConnectAsync(1, Recipient, (_, message, _) =>
        {
            lock (received)
            {
                if (received.Add(((Delivery)message).MessageId) && received.Count == count)
                {
                    all.SetResult();
                }
            }

            return ValueTask.CompletedTask;
        });
        await beta.RequestAsync<Done>(new Subscribe(SimCluster.IdentityOf(Recipient).Id), Patience, default);
        await all.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return received;
    }

    private static async Task StopAsync(RealCluster cluster)
    {
        foreach (ClusterNode node in cluster.Nodes)
        {
            await node.StopAsync();
        }
    }

    private static ValueTask<SqliteStore> OpenAsync(string file) =>
        SqliteStore.OpenAsync(new SqliteStoreOptions { Path = file }, CancellationToken.None);

    private static string[] FilesWithContent(RealCluster cluster)
    {
        string[] files =
        [
            .. Enumerable.Range(0, 2).SelectMany(i => System.IO.Directory.GetFiles(
                cluster.OptionsOf(i).DataDirectory, "journal.db*")).Where(f => !f.EndsWith(".lock")),
        ];
        Assert.True(files.Length >= 2);
        return [.. files.Where(file =>
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            byte[] content = new byte[(int)stream.Length];
            stream.ReadExactly(content);
            return content.AsSpan().IndexOf(Marker) >= 0
                || content.AsSpan().IndexOf(SimClient.Account.Encoded.Span[..64]) >= 0;
        })];
    }

    private static long EventsWithContent(PostgreSqlStoreOptions options, byte[] content) =>
        (long)PostgreSqlServer.Shared.Execute(
            options.Schema,
            $"SELECT count(*) FROM event WHERE position('\\x{Convert.ToHexString(content)}'::bytea IN payload) > 0 "
            + $"OR {(content.Length == 0 ? "true" : "false")}")!;
}
