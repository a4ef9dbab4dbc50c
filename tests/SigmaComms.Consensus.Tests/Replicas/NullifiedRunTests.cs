using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Recovery;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Tests.Replicas.Harness;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Tests.Replicas;

/// <summary>However many views pass without a final block, little of them is kept, and it is enough.</summary>
public sealed class NullifiedRunTests
{
    private const int HeldMax = (int)ReplicaState.ViewsBehindMax + 4;

    [Fact]
    public void A_run_of_nullified_views_is_shown_by_its_last_nullification_and_the_rest_is_forgotten()
    {
        var solo = new Solo(0);
        int held = 0;
        for (ulong view = 1; view <= 1_000; view++)
        {
            GiveUp(solo, view, 1, 1, view);
            held = Math.Max(held, solo.Replica.Held.Views);
        }

        Assert.InRange(held, 1, HeldMax);
        Assert.InRange(solo.Replica.LiveRecords().Count, 1, 3 * HeldMax);
        Block block = solo.Build([], 1_001, 1);
        solo.Propose(block);
        Assert.Contains(Solo.Notarize(block), solo.Said);
    }

    [Fact]
    public void What_is_kept_is_enough_after_a_restart_too()
    {
        var solo = new Solo(0);
        for (ulong view = 1; view <= 100; view++)
        {
            GiveUp(solo, view, 1, 1, view);
        }

        IReadOnlyList<WalRecord> live = solo.Replica.LiveRecords();
        var restarted = Replica.Recover(
            new ReplicaOptions(Solo.Set[0].Node, 1) { Delay = TestCluster.Delay }, solo.Genesis, live);
        restarted.Start(Solo.Now);
        Block block = solo.Build([], 101, 1);
        Ballot ballot = Ballot.Propose(new Epoch(1), new View(101), block.Digest);
        IReadOnlyList<Effect> effects = restarted.Step(new Input.VerifiedMessage(
            Solo.Set[1].Node, new Message.Propose(TestKeys.Sign(ballot, 1), block)), Solo.Now);

        Assert.Equal(new View(101), restarted.View);
        Assert.Contains(effects.OfType<Effect.SignAndBroadcast>(), said => said.Ballot == Solo.Notarize(block));
    }

    // Of three voters one may lie: what only one of them says, or goes below, shows nothing.
    [Theory]
    [InlineData(1, 50, 50, false)]
    [InlineData(1, 2, 50, false)]
    [InlineData(1, 1, 50, true)]
    [InlineData(1, 1, 1, true)]
    public void A_run_is_believed_as_far_as_one_more_voter_than_may_lie_names_it(
        ulong first, ulong second, ulong third, bool isShown)
    {
        var solo = new Solo(0);
        Certificate nullification = Nullification(50, first, second, third);

        solo.Receive(1, new Message.Certificates([nullification]));
        Block block = solo.Build([], 51, 1);
        solo.Propose(block);

        Assert.Equal(new View(Math.Max(first, second)), nullification.FirstNullified(Solo.Set));
        Assert.Equal(new View(51), solo.Replica.View);
        Assert.Equal(isShown, solo.Said.Contains(Solo.Notarize(block)));
    }

    [Fact]
    public void Who_misses_a_run_asks_for_its_last_views_and_one_certificate_shows_all_of_it()
    {
        var solo = new Solo(0);
        solo.Receive(1, new Message.Certificates([Nullification(2_000, 1_900, 1_900, 1_900)]));
        Block block = solo.Build([], 2_001, 1);
        solo.Propose(block);
        solo.Fire(TimerKind.Pull);

        Message.PullViews asked = Assert.IsType<Message.PullViews>(
            solo.Effects.OfType<Effect.Send>().Last(send => send.Message is Message.PullViews).Message);
        bool wasEarly = solo.Said.Contains(Solo.Notarize(block));
        solo.Receive(1, new Message.Certificates([Nullification(1_950, 1, 1, 1)]));

        Assert.Equal((new View(1_884), new View(1_899)), (asked.First, asked.Last));
        Assert.False(wasEarly);
        Assert.Contains(Solo.Notarize(block), solo.Said);
    }

    [Fact]
    public void Who_forgot_the_views_of_a_run_answers_with_the_nullification_that_shows_them()
    {
        var solo = new Solo(0);
        for (ulong view = 1; view <= 300; view++)
        {
            GiveUp(solo, view, 1, 1, 1);
        }

        solo.Receive(2, new Message.PullViews(new Epoch(1), new View(20), new View(35)));

        Message.Certificates answer = Assert.IsType<Message.Certificates>(
            solo.Effects.OfType<Effect.Send>().Last().Message);
        Certificate shown = Assert.Single(answer.Items);
        Assert.True(shown.View > new View(35));
        Assert.Equal(new View(1), shown.FirstNullified(Solo.Set));
    }

    [Fact]
    public void A_nullify_names_the_run_before_it_and_says_the_same_after_a_restart()
    {
        var solo = new Solo(0);
        solo.Give(new Input.GroupVerified(TestKeys.Group(1)));
        solo.VoteAll(Solo.Nullify(1));
        solo.VoteAll(Solo.Nullify(2));
        solo.Fire(TimerKind.View);
        Ballot said = solo.Said.Single(ballot => ballot.View == new View(3));

        solo.Restart();

        Assert.Equal(Ballot.Nullify(new Epoch(1), new View(3), since: new View(1)), said);
        Assert.All(solo.Said.Where(ballot => ballot.View == new View(3)), again => Assert.Equal(said, again));
        Assert.True(solo.Said.Count(ballot => ballot == said) > 1);
    }

    // Whether it gave the view up it no longer knows, so it must not finalize it, before a restart or after.
    [Fact]
    public void A_view_that_is_forgotten_is_never_finalized_though_its_notarization_comes()
    {
        var solo = new Solo(0);
        Block block = solo.Build([], 1, 1);
        solo.Propose(block);
        solo.Fire(TimerKind.View);
        solo.Fire(TimerKind.View);
        for (ulong view = 1; view <= 100; view++)
        {
            GiveUp(solo, view, 1, 1, 1);
        }

        var notarization = new Certificate(BallotKind.Notarize, new Epoch(1), new View(1), block.Digest, [
            new CertificateVote(1, null, new byte[] { 1 }), new CertificateVote(2, null, new byte[] { 1 }),
            new CertificateVote(3, null, new byte[] { 1 })]);
        solo.Receive(1, new Message.Certificates([notarization]));
        Block child = solo.Build([block], 101, 2);
        solo.Propose(child);
        solo.Fire(TimerKind.Pull);
        solo.Receive(1, new Message.BlockFound(block));
        var restarted = Replica.Recover(
            new ReplicaOptions(Solo.Set[0].Node, 1), solo.Genesis, solo.Replica.LiveRecords());

        Assert.True(solo.HasSaid(BallotKind.Nullify, 1));
        Assert.False(solo.HasSaid(BallotKind.Finalize, 1));
        Assert.Contains(Solo.Notarize(child), solo.Said);
        Assert.DoesNotContain(
            restarted.Start(Solo.Now).OfType<Effect.SignAndBroadcast>(), said => said.Ballot.Finalizes);
    }

    [Fact]
    public void Old_certificates_that_bring_nothing_nearer_are_neither_kept_nor_written()
    {
        var solo = new Solo(0);
        for (ulong view = 1; view <= 100; view++)
        {
            GiveUp(solo, view, 1, 1, 1);
        }

        int written = solo.Effects.Count(effect => effect is Effect.Persist);
        for (ulong view = 1; view <= 60; view++)
        {
            solo.Receive(3, new Message.Certificates([Nullification(view, 1, 1, 1)]));
        }

        Assert.Equal(written, solo.Effects.Count(effect => effect is Effect.Persist));
        Assert.InRange(solo.Replica.Held.Views, 1, HeldMax);
    }

    [Fact]
    public void A_long_time_without_leaders_keeps_every_replica_small_and_one_that_slept_through_it_comes_back()
    {
        var cluster = new TestCluster(4);
        TestNode asleep = cluster.Nodes[3];
        TestNode tired = cluster.Nodes[0];
        cluster.Start();
        asleep.Crash();
        bool isOut = true;
        cluster.Network = (_, _, message) =>
            isOut && message is Message.Propose or Message.BlockFound ? [] : [TimeSpan.FromMilliseconds(5)];
        cluster.Submit(tired, 1);
        bool isLong = cluster.RunUntil(() => tired.Replica.View > new View(80), TimeSpan.FromHours(1));
        int held = cluster.Nodes.Max(node => node.Replica.Held.Views);

        isOut = false;
        asleep.Restart();
        cluster.RunFor(TestCluster.Delay);
        tired.Crash();
        cluster.Submit(cluster.Nodes[1], 2);
        bool isFinal = cluster.RunUntil(
            () => cluster.Nodes.All(node => !node.IsUp || node.Committed.Count > 0), TimeSpan.FromMinutes(2));

        Assert.True(isLong);
        Assert.InRange(held, 1, HeldMax);
        Assert.True(isFinal);
        cluster.CheckRules();
    }

    private static void GiveUp(Solo solo, ulong view, params ulong[] since)
    {
        foreach ((int voter, ulong first) in solo.Others.Zip(since))
        {
            solo.Vote(voter, Ballot.Nullify(new Epoch(1), new View(view), new View(first)));
        }
    }

    private static Certificate Nullification(ulong view, params ulong[] since) => new(
        BallotKind.Nullify, new Epoch(1), new View(view), default,
        [.. since.Select((first, i) => new CertificateVote((byte)(i + 1), null, new byte[] { 1 }, new View(first)))]);
}
