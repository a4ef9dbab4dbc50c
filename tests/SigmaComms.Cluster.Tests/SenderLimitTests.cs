using SigmaComms.Cluster.Clients;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Links;
using SigmaComms.Vault;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Tests;

public sealed class SenderLimitTests
{
    [Fact]
    public void Deposits_beyond_the_burst_are_refused_with_a_wait_after_which_they_are_taken()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(2, TenASecond);
        SimClient alpha = ClientAt(cluster, 1, 0);

        LinkMessage[] answers = [.. DepositAtOnce(cluster, alpha, 25)];
        Refused[] refused = [.. answers.OfType<Refused>()];
        cluster.Advance(refused.Max(refusal => refusal.RetryAfter));
        LinkMessage after = alpha.Deposit(SimCluster.IdentityOf(2_002).Id, 100);

        Assert.Equal(20, answers.Count(answer => answer is Done));
        Assert.All(refused, refusal => Assert.Equal(RefusalReason.TooFast, refusal.Reason));
        Assert.All(refused, refusal => Assert.InRange(refusal.RetryAfter.TotalMilliseconds, 1, 100));
        Assert.IsType<Done>(after);
    }

    [Fact]
    public void Bytes_are_limited_for_messages_and_fragments_of_attachments_together()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(2, options =>
        {
            options.SenderBytesPerSecond = 64 << 10;
            options.SenderBytesBurst = 1 << 20;
        });
        SimClient alpha = ClientAt(cluster, 1, 0);

        LinkMessage[] fragments = [.. Enumerable.Range(0, 14).Select(_ => alpha.Request(AttachmentFragment()))];
        LinkMessage last = alpha.Request(
            new Deposit(SimCluster.IdentityOf(2_002).Id, SimClient.Id(1), new byte[60_000]));
        LinkMessage tooMuch = alpha.Request(AttachmentFragment());
        cluster.Advance(Assert.IsType<Refused>(tooMuch).RetryAfter);
        LinkMessage after = alpha.Request(AttachmentFragment());

        // A node of this cluster keeps no fragments; how fast they come is asked first.
        Assert.All(fragments, answer => Assert.Equal(RefusalReason.NotAllowed, Assert.IsType<Refused>(answer).Reason));
        Assert.IsType<Done>(last);
        Assert.Equal(RefusalReason.TooFast, Assert.IsType<Refused>(tooMuch).Reason);
        Assert.Equal(RefusalReason.NotAllowed, Assert.IsType<Refused>(after).Reason);
    }

    [Fact]
    public void A_second_link_or_a_new_one_gives_a_sender_no_more_and_takes_nothing_from_others()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(2, TenASecond);
        SimClient alpha = ClientAt(cluster, 1, 0);
        SimClient gamma = ClientAt(cluster, 3, 0);
        DepositAtOnce(cluster, alpha, 20);
        SimClient second = ClientAt(cluster, 1, 0);

        LinkMessage beside = second.Deposit(SimCluster.IdentityOf(2_002).Id, 200);
        alpha.Disconnect();
        second.Disconnect();
        cluster.Advance(TimeSpan.FromMilliseconds(10));
        SimClient again = ClientAt(cluster, 1, 0);
        LinkMessage back = again.Deposit(SimCluster.IdentityOf(2_002).Id, 201);
        LinkMessage other = gamma.Deposit(SimCluster.IdentityOf(2_002).Id, 202);

        Assert.Equal(RefusalReason.TooFast, Assert.IsType<Refused>(beside).Reason);
        Assert.Equal(RefusalReason.TooFast, Assert.IsType<Refused>(back).Reason);
        Assert.IsType<Done>(other);
    }

    [Fact]
    public void With_the_defaults_eight_senders_pass_far_more_than_a_thousand_messages_a_second()
    {
        var options = new ClusterNodeOptions();
        SenderBudget[] senders = [.. Enumerable.Range(0, 8).Select(_ => new SenderBudget(options, TimeSpan.Zero))];

        int taken = 0;
        for (int ms = 0; ms < 10_000; ms++)
        {
            taken += senders.Count(sender => sender.Take(1, 1_500, 0, TimeSpan.FromMilliseconds(ms)) == TimeSpan.Zero);
        }

        Assert.Equal(80_000, taken);
    }

    [Fact]
    public void A_budget_never_holds_more_than_its_burst_and_a_clock_that_stands_still_fills_nothing()
    {
        var options = new ClusterNodeOptions();
        TenASecond(options);
        var budget = new SenderBudget(options, TimeSpan.Zero);

        TimeSpan day = TimeSpan.FromDays(1);
        int taken = Enumerable.Range(0, 100).Count(_ => budget.Take(1, 0, 0, day) == TimeSpan.Zero);
        TimeSpan wait = budget.Take(1, 0, 0, day);

        Assert.Equal(20, taken);
        Assert.Equal(TimeSpan.FromMilliseconds(100), wait);
    }

    private static void TenASecond(ClusterNodeOptions options)
    {
        options.SenderMessagesPerSecond = 10;
        options.SenderMessagesBurst = 20;
    }

    private static LinkMessage[] DepositAtOnce(SimCluster cluster, SimClient sender, int count)
    {
        Task<LinkMessage>[] deposits = [.. Enumerable.Range(0, count).Select(i => cluster.Start(() =>
            sender.RequestAsync(new Deposit(
                SimCluster.IdentityOf(2_002).Id, SimClient.Id(i), new byte[10]))))];
        cluster.Until(() => deposits.All(deposit => deposit.IsCompleted));
        return [.. deposits.Select(deposit => cluster.Await(deposit))];
    }

    private static SimClient ClientAt(SimCluster cluster, int number, int node)
    {
        var client = new SimClient(cluster, number);
        Assert.IsType<Welcome>(client.Connect(cluster.Nodes[node]));
        return client;
    }

    private static PutFragment AttachmentFragment()
    {
        FragmentLabel label = new(
            AttachmentVault.Of(20_000), new StripeId(new byte[16]), 1, 0, 64 << 10, default, [default(Digest)]);
        WireWriter writer = new();
        label.Write(writer);
        return new PutFragment(writer.ToArray(), 0, new byte[64 << 10]);
    }
}
