using SigmaComms.Actors.Health;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests;

/// <summary>Nodes whose store is away for long, as a database server that was killed in a write.</summary>
public sealed class StoreOutageTests
{
    private const int Minutes = 10;

    [Fact]
    public void A_store_that_is_away_for_minutes_stops_no_mailbox_and_what_was_confirmed_is_delivered_once()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(2);
        (SimClient alpha, SimClient beta) = Pair(cluster);
        Assert.IsType<Done>(alpha.Deposit(beta.Device, 1));

        GoAwayUnheard(cluster);
        LinkMessage refused = alpha.Deposit(beta.Device, 2);
        cluster.Advance(TimeSpan.FromMinutes(Minutes));
        ActorState[] mailboxes = [.. cluster.Nodes.SelectMany(MailboxStates)];
        ComeBack(cluster);
        cluster.Until(() => alpha.Deposit(beta.Device, 2) is Done, seconds: 60);
        cluster.Until(() => alpha.Deposit(beta.Device, 3) is Done, seconds: 60);
        beta.Subscribe();
        cluster.Until(() => beta.DeliveredIds.Count() == 3, seconds: 60);

        Assert.Equal(RefusalReason.StorageFailed, Assert.IsType<Refused>(refused).Reason);
        Assert.Equal([ActorState.Backoff, ActorState.Backoff], mailboxes);
        Assert.Equal([SimClient.Id(1), SimClient.Id(2), SimClient.Id(3)], beta.DeliveredIds);
        Assert.All(cluster.Nodes, node => Assert.False(node.Node.Failed.IsCompleted));
    }

    [Fact]
    public void A_directory_whose_store_goes_away_in_the_middle_of_a_write_answers_on_and_never_votes_twice()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);
        (SimClient alpha, SimClient beta) = Pair(cluster);
        Assert.IsType<Done>(alpha.Request(new PublishAccount(Account("known", 3_000, alpha).Encoded)));

        GoAwayUnheard(cluster);
        LinkMessage refused = alpha.Request(new PublishAccount(Account("name", 3_001, alpha).Encoded));
        LinkMessage found = beta.Request(new FetchAccount("known", null));
        cluster.Advance(TimeSpan.FromMinutes(Minutes));
        LinkMessage foundLater = beta.Request(new FetchAccount("known", null));
        ComeBack(cluster);
        LinkMessage? other = null;
        cluster.Until(
            () => (other = beta.Request(new PublishAccount(Account("name", 3_002, beta).Encoded)))
                is Refused { Reason: RefusalReason.NameTaken },
            seconds: 60);
        cluster.Until(
            () => alpha.Request(new PublishAccount(Account("name", 3_001, alpha).Encoded)) is Done, seconds: 60);

        Assert.IsType<Refused>(refused);
        Assert.All([found, foundLater], answer => Assert.IsType<AccountFound>(answer));
        Assert.Equal(RefusalReason.NameTaken, Assert.IsType<Refused>(other).Reason);
        Assert.All(cluster.Nodes, node => Assert.False(node.Node.Failed.IsCompleted));
    }

    [Fact]
    public void A_node_whose_store_goes_away_while_it_starts_waits_for_it()
    {
        using var cluster = new SimCluster();
        SimNode node = cluster.AddNode(1, options => options.Copies = 1);
        node.AwayFor = "directory";
        cluster.Await(node.Start(cluster.Log));

        cluster.Advance(TimeSpan.FromMinutes(Minutes));
        bool failed = node.Node.Failed.IsCompleted;
        node.Store.AwayFor = null;
        var alpha = new SimClient(cluster, 1);
        cluster.Until(() => node.Node.Health().IsReady);
        alpha.Connect(node);

        cluster.Until(() => alpha.Deposit(new SimClient(cluster, 2).Device, 1) is Done, seconds: 60);
        Assert.False(failed);
    }

    private static void GoAwayUnheard(SimCluster cluster) =>
        cluster.Nodes.ForEach(node => node.Store.GoesAwayUnheard = true);

    private static void ComeBack(SimCluster cluster) =>
        cluster.Nodes.ForEach(node => (node.Store.GoesAwayUnheard, node.Store.IsAway) = (false, false));

    private static IEnumerable<ActorState> MailboxStates(SimNode node) => node.Node.Tree().All
        .Where(actor => actor.Type == "MailboxActor").Select(actor => actor.State);

    private static AccountRecord Account(string name, int account, SimClient device) => AccountRecord.Create(
        name,
        SimCluster.IdentityOf(account).Key,
        version: 1,
        [new DeviceEntry(device.Identity.PublicKey.Span, new byte[32])],
        new SeededRandom(account));

    private static (SimClient Alpha, SimClient Beta) Pair(SimCluster cluster)
    {
        var alpha = new SimClient(cluster, 1);
        var beta = new SimClient(cluster, 2);
        alpha.Connect(cluster.Nodes[0]);
        beta.Connect(cluster.Nodes[1]);
        return (alpha, beta);
    }
}
