using SigmaComms.Client.Tests.Support;
using SigmaComms.Client.Transparency;
using SigmaComms.Consensus.Transparency;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Tests;

/// <summary>What a client believes of its cluster's control log, and what it does without a proof.</summary>
public sealed class TransparencyTests : ClusterTest
{
    private readonly FakeLog _log;

    public TransparencyTests()
        : base(seed: 41) => _log = Cluster.BeginLog();

    [Fact]
    public async Task Messages_of_two_fresh_identities_flow_and_both_have_proofs_of_each_other()
    {
        await BothOnlineAsync();

        await SendAsync(Alpha, "beta", "proven");
        await Beta.ReadsAsync("proven");

        LogProofs atAlpha = await ProofsAsync(Alpha);
        LogProofs atBeta = await ProofsAsync(Beta);
        Assert.Equal((2UL, (ulong)_log.Last), (atAlpha.Updates, atAlpha.Height));
        Assert.Equal((2UL, (ulong)_log.Last), (atBeta.Updates, atBeta.Height));
        Assert.Equal((0L, 0L), (atAlpha.Refused, atBeta.Refused));
        Assert.True(atAlpha.Verified >= 2);
        Assert.False(atAlpha.IsNodeByLog);
    }

    [Fact]
    public async Task Proofs_are_asked_for_at_first_contact_and_not_for_each_message()
    {
        await BothOnlineAsync();
        await SendAsync(Alpha, "beta", "first");
        await Beta.ReadsAsync("first");
        long before = (await ProofsAsync(Alpha)).Verified;

        for (int i = 0; i < 20; i++)
        {
            await SendAsync(Alpha, "beta", $"more {i}");
        }

        await Beta.ItemsAsync(21);
        Assert.Equal(before, (await ProofsAsync(Alpha)).Verified);
    }

    [Fact]
    public async Task A_record_that_no_node_proves_is_not_pinned_and_the_sender_is_told_what_is_waited_for()
    {
        await BothOnlineAsync();
        AllShow(static (ask, honest) => ask.Name == "beta" ? null : honest);

        ClientException failure = await RefusedAsync("beta");
        AllShow(static (_, honest) => honest);
        await SendAsync(Alpha, "beta", "now");

        Assert.Equal(ClientFailure.ProofAwaited, failure.Reason);
        Assert.Contains("Waiting for the directory's proof of beta", failure.Message, StringComparison.Ordinal);
        Assert.Single(Alpha.Events, told => told.Kind == ClientEventKind.ProofAwaited && told.Subject == "beta");
        await Beta.ReadsAsync("now");
    }

    [Fact]
    public async Task What_the_nodes_have_and_the_log_has_not_is_waited_for_and_what_nobody_has_is_unknown()
    {
        _log.HasNoQuorum = true;
        await BothOnlineAsync();

        ClientException waiting = await RefusedAsync("beta");
        ClientException nobody = await RefusedAsync("nobody");
        _log.HasNoQuorum = false;
        await Clock.UntilAsync(() => _log.Has(Beta.Account.Record), "beta publishes again by itself");
        await SendAsync(Alpha, "beta", "later");

        Assert.Equal(ClientFailure.ProofAwaited, waiting.Reason);
        Assert.Contains("the control log has it not yet", waiting.Message, StringComparison.Ordinal);
        Assert.Equal(ClientFailure.UnknownRecipient, nobody.Reason);
        await Beta.ReadsAsync("later");
    }

    [Fact]
    public async Task A_known_contact_goes_on_working_while_nothing_can_be_proven()
    {
        await BothOnlineAsync();
        await SendAsync(Alpha, "beta", "first");
        await Beta.ReadsAsync("first");
        await Alpha.CloseAsync();
        AllShow(static (_, _) => null);

        await Alpha.OpenAsync();
        await Alpha.OnlineAsync();
        await SendAsync(Alpha, "beta", "second");

        await Beta.ReadsAsync("first", "second");
        Assert.DoesNotContain(Alpha.Events, told => told.Kind == ClientEventKind.ProofRefused);
    }

    [Fact]
    public async Task A_node_that_lies_about_a_name_is_told_and_another_one_is_asked()
    {
        await BothOnlineAsync();
        FakeNode liar = Cluster.Nodes[0];
        liar.Shows = (ask, honest) => ask.Name == "beta" ? _log.Show(ask with { Name = "alpha" }) : honest;

        await SendAsync(Alpha, "beta", "found elsewhere");

        await Beta.ReadsAsync("found elsewhere");
        ClientEvent told = Assert.Single(Alpha.Events, told => told.Kind == ClientEventKind.ProofRefused);
        Assert.Equal("n1", told.Subject);
        Assert.Contains("what it says of beta is not in the directory's root", told.Detail, StringComparison.Ordinal);
        Assert.Equal(1, (await ProofsAsync(Alpha)).Refused);
    }

    [Fact]
    public async Task A_head_that_goes_back_is_refused_also_after_a_restart_and_says_what_was_seen()
    {
        await BothOnlineAsync();
        int old = 1;
        await SendAsync(Alpha, "beta", "first");
        await Beta.ReadsAsync("first");
        ulong verified = (await ProofsAsync(Alpha)).Height;
        await Alpha.CloseAsync();
        AllShow((ask, _) => _log.Show(ask, at: old));

        await Alpha.OpenAsync();
        await Alpha.OnlineAsync();
        await Clock.UntilAsync(
            () => Alpha.Events.Any(told => told.Kind == ClientEventKind.ProofRefused), "the old head is refused");

        ClientEvent told = Alpha.Events.First(told => told.Kind == ClientEventKind.ProofRefused);
        Assert.Contains($"block {old} is shown, block {verified} was verified", told.Detail, StringComparison.Ordinal);
        Assert.Equal(verified, (await ProofsAsync(Alpha)).Height);
    }

    [Fact]
    public async Task A_log_that_forked_is_refused_though_its_validators_signed_it()
    {
        await BothOnlineAsync();
        await SendAsync(Alpha, "beta", "first");
        await Beta.ReadsAsync("first");
        ulong verified = (await ProofsAsync(Alpha)).Height;
        var forked = new FakeCluster(41, Clock.Time).BeginLog();
        forked.Publish(new TestAccount("alpha", 77).Record);
        forked.Publish(new TestAccount("gamma", 78).Record);
        forked.Publish(new TestAccount("delta", 79).Record);
        Assert.Equal(_log.Anchor.Cluster, forked.Anchor.Cluster);
        AllShow((ask, _) => forked.Show(ask));

        ClientException failure = await RefusedAsync("gamma");

        Assert.Equal(ClientFailure.ProofAwaited, failure.Reason);
        Assert.Contains("does not go on from the one with", failure.Message, StringComparison.Ordinal);
        Assert.Equal(verified, (await ProofsAsync(Alpha)).Height);
    }

    [Fact]
    public async Task Whose_name_the_log_has_under_other_keys_is_told_at_the_next_connection()
    {
        _log.Publish(new TestAccount("alpha", 999).Record);

        await Alpha.OpenAsync();
        await Clock.UntilAsync(
            () => Alpha.Events.Any(told => told.Kind == ClientEventKind.OwnKeysDiffer), "the user is told");

        ClientEvent told = Alpha.Events.First(told => told.Kind == ClientEventKind.OwnKeysDiffer);
        Assert.Equal("alpha", told.Subject);
        Assert.Contains("the control log has the name alpha under account", told.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stranger_is_pinned_only_once_its_name_is_proven()
    {
        await BothOnlineAsync();
        foreach (FakeNode node in Cluster.Nodes)
        {
            node.Shows = static (ask, honest) => ask.Name == "alpha" && ask.Node is null ? null : honest;
        }

        await SendAsync(Alpha, "beta", "who am I");
        await Clock.UntilAsync(
            () => Beta.Events.Any(told => told.Kind == ClientEventKind.ProofAwaited), "beta waits for the proof");
        bool wasRead = Beta.Items.Count > 0;
        AllShow(static (_, honest) => honest);

        await Beta.ReadsAsync("who am I");
        Assert.False(wasRead);
    }

    [Fact]
    public async Task A_node_admitted_by_the_log_alone_serves_and_one_that_proves_no_membership_does_not()
    {
        FakeNode member = Cluster.Nodes[0];
        FakeNode stranger = Cluster.Nodes[1];
        ByOwnWord(member);
        ByOwnWord(stranger);
        stranger.Shows = (ask, honest) => ask.Node is null ? honest : _log.Show(ask with { Node = member.Key.Id });
        await using TestPeer gamma = new("gamma", 4_242, Cluster, Clock, 1, 0);

        await gamma.OpenAsync();
        await gamma.OnlineAsync();

        ClientStatus status = await Clock.UntilAsync(
            gamma.Client.GetStatusAsync(CancellationToken.None), "the status");
        Assert.Equal("n1", status.NodeName);
        Assert.True(status.Log!.IsNodeByLog);
        Assert.Contains(gamma.Events, told => told.Kind == ClientEventKind.ProofRefused && told.Subject == "n2");
    }

    [Fact]
    public async Task A_node_that_the_log_turned_out_is_left_though_the_operators_word_holds()
    {
        _log.Evict(Cluster.Nodes[0].Key.Id);
        ByOwnWord(Cluster.Nodes[1]);
        _log.Evict(Cluster.Nodes[1].Key.Id);
        await using TestPeer gamma = new("gamma", 4_243, Cluster, Clock, 0, 1, 2);

        await gamma.OpenAsync();
        await Clock.UntilAsync(() => NodeOf(gamma) == "n3", "gamma goes on to the third node");

        Assert.Contains(gamma.Events, told => told.Kind == ClientEventKind.Disconnected && told.Subject == "n1"
            && told.Detail.Contains("turned out at block", StringComparison.Ordinal));
        await gamma.OnlineAsync();
    }

    [Fact]
    public async Task A_head_of_another_log_is_not_taken_for_this_ones()
    {
        await Alpha.OpenAsync();
        await Alpha.OnlineAsync();
        await Alpha.CloseAsync();
        FakeLog other = new FakeCluster(42, Clock.Time).BeginLog();

        ClientException failure = await FailAsync(() => Alpha.OpenAsync(
            change: options => options.Cluster = options.Cluster with { Log = other.Anchor }));

        Assert.Equal(ClientFailure.WrongCluster, failure.Reason);
    }

    private static string? NodeOf(TestPeer peer) =>
        peer.Events.LastOrDefault(
            told => told.Kind is ClientEventKind.Connected or ClientEventKind.FailedOver)?.Subject;

    private void AllShow(Func<GetLogProof, LogAnswer, LogAnswer?> shows)
    {
        foreach (FakeNode node in Cluster.Nodes)
        {
            node.Shows = shows;
        }
    }

    private void ByOwnWord(FakeNode node) => node.Admission = NodeAdmission.Sign(
        node.Key, Cluster.Cluster, node.PublicKey, node.Admission.Name, [], default, Clock.Time.GetUtcNow().AddDays(9),
        Alpha.Account.Random);

    /// <summary>Why alpha cannot write to somebody; a link that was lost on the way is no reason.</summary>
    private async Task<ClientException> RefusedAsync(string to)
    {
        ClientException failure = await FailAsync(() => Alpha.Client.SendTextAsync(to, "x", CancellationToken.None));
        for (int again = 0; failure.Reason == ClientFailure.Unavailable && again < 5; again++)
        {
            failure = await FailAsync(() => Alpha.Client.SendTextAsync(to, "x", CancellationToken.None));
        }

        return failure;
    }

    private async Task<LogProofs> ProofsAsync(TestPeer peer) => (await Clock.UntilAsync(
        peer.Client.GetStatusAsync(CancellationToken.None), "the status")).Log!;
}
