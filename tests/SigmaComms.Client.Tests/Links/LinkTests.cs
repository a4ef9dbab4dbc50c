using SigmaComms.Client.Tests.Support;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Tests.Links;

public sealed class LinkTests : ClusterTest
{
    [Fact]
    public async Task A_killed_node_is_left_for_the_next_in_the_list()
    {
        await BothOnlineAsync();

        Cluster.Kill(Cluster.Nodes[0]);
        await Clock.UntilAsync(() => Alpha.Events.Any(e => e.Kind == ClientEventKind.FailedOver), "failed over");

        Assert.Equal(["n1", "n2"], Alpha.Events.Where(IsLink).Select(e => e.Subject));
        Assert.DoesNotContain(Beta.Events, e => e.Kind == ClientEventKind.Disconnected);
    }

    [Fact]
    public async Task A_link_is_told_before_anybody_can_use_it()
    {
        var wasUsable = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await Alpha.OpenAsync(change: options => options.Report = told =>
        {
            if (told.Kind == ClientEventKind.FailedOver)
            {
                Task link = Alpha.Client.WaitConnectedAsync(TimeSpan.FromHours(1), CancellationToken.None);
                wasUsable.TrySetResult(link.IsCompleted);
            }
        });
        await Alpha.OnlineAsync();

        Cluster.Kill(Cluster.Nodes[0]);

        Assert.False(await Clock.UntilAsync(wasUsable.Task, "failed over"));
    }

    [Fact]
    public async Task A_frozen_node_is_left_too_and_what_was_under_way_arrives()
    {
        await BothOnlineAsync();
        await Clock.UntilAsync((await SendAsync(Alpha, "beta", "0")).Delivered, "delivered");
        await Clock.PassAsync(TimeSpan.FromSeconds(5));

        Cluster.Nodes[0].IsFrozen = true;
        MessageHandle handle = await SendAsync(Alpha, "beta", "1");
        DateTimeOffset frozenAt = Clock.Time.GetUtcNow();
        await Clock.UntilAsync(handle.Delivered, "delivered");
        TimeSpan took = Clock.Time.GetUtcNow() - frozenAt;

        await Beta.ReadsAsync("0", "1");
        Assert.Equal("n2", Alpha.Events.Last(IsLink).Subject);
        Assert.InRange(took.TotalSeconds, 1, 8);
    }

    [Fact]
    public async Task A_node_with_an_admission_for_another_key_is_not_talked_to()
    {
        Cluster.Nodes[0].Admission = Cluster.Nodes[1].Admission;

        await Alpha.OpenAsync();
        await Alpha.OnlineAsync();

        Assert.Equal(["n2"], Alpha.Events.Where(IsLink).Select(e => e.Subject));
    }

    [Fact]
    public async Task A_node_that_another_operator_admitted_is_not_talked_to()
    {
        using var stranger = new MlDsa65SigningKey(new SeededRandom(5).Bytes(32));
        Cluster.Nodes[0].Admission = Admit(stranger, Cluster.Cluster, TimeSpan.FromDays(1));

        await Alpha.OpenAsync();
        await Alpha.OnlineAsync();

        Assert.Equal(["n2"], Alpha.Events.Where(IsLink).Select(e => e.Subject));
    }

    [Fact]
    public async Task A_node_whose_admission_has_ended_or_is_for_another_cluster_is_not_talked_to()
    {
        Cluster.Nodes[0].Admission = Admit(Cluster.Operator, Cluster.Cluster, TimeSpan.FromDays(-1));
        Cluster.Nodes[1].Admission =
            Admit(Cluster.Operator, ClusterId.Create(new SeededRandom(6)), TimeSpan.FromDays(1), node: 1);

        await Alpha.OpenAsync();
        await Alpha.OnlineAsync();

        Assert.Equal(["n3"], Alpha.Events.Where(IsLink).Select(e => e.Subject));
    }

    [Fact]
    public async Task While_no_node_can_be_reached_attempts_become_rare_and_the_status_says_why()
    {
        foreach (FakeNode node in Cluster.Nodes)
        {
            node.IsDown = true;
        }

        await Alpha.OpenAsync();
        await Clock.PassAsync(TimeSpan.FromMinutes(1));
        int dials = Alpha.Dialer.Dials;
        ClientStatus status = await Clock.UntilAsync(Alpha.Client.GetStatusAsync(default), "status");

        Assert.InRange(dials, 10, 60);
        Assert.Null(status.NodeName);
        Assert.Contains("nobody at", status.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_node_pushes_before_it_has_shown_who_it_is_is_not_listened_to()
    {
        Cluster.Nodes[0].PushesEarly = true;
        Cluster.Nodes[0].Admission = Cluster.Nodes[1].Admission;

        await Alpha.OpenAsync();
        await Alpha.OnlineAsync();
        ClientStatus status = await Clock.UntilAsync(Alpha.Client.GetStatusAsync(default), "status");

        Assert.Equal(0, status.Dropped);
        Assert.Equal("n2", status.NodeName);
    }

    [Fact]
    public async Task A_directory_that_claims_more_prekeys_than_there_can_be_ends_nothing()
    {
        Cluster.Faults.PrekeysClaimed = uint.MaxValue;

        await BothOnlineAsync();
        MessageHandle handle = await SendAsync(Alpha, "beta", "1");
        await Clock.UntilAsync(handle.Delivered, "delivered");

        await Beta.ReadsAsync("1");
    }

    private NodeAdmission Admit(MlDsa65SigningKey signer, ClusterId cluster, TimeSpan life, int node = 0) =>
        NodeAdmission.Sign(
            signer,
            cluster,
            Cluster.Nodes[node].PublicKey,
            "liar",
            [],
            default,
            Clock.Time.GetUtcNow() + life,
            new SeededRandom(4));

    private static bool IsLink(ClientEvent e) => e.Kind is ClientEventKind.Connected or ClientEventKind.FailedOver;
}
