using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Evidence;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Tests.Replicas.Harness;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Tests.Replicas;

/// <summary>Each rule of an honest replica, against three others that say what the test wants.</summary>
public sealed class RuleTests
{
    // In the set of four the place of a leader is its view modulo four; the replica under test has place 0.
    private static readonly Digest Other = Digest.Sha256([9]);

    [Fact]
    public void A_valid_block_on_what_is_held_is_notarized_once_it_is_durable()
    {
        var solo = new Solo(0);
        Block block = solo.Build([], view: 1, command: 1);

        solo.Propose(block);

        Assert.Equal([Solo.Notarize(block)], solo.Said);
        int kept = solo.Effects.FindIndex(effect => effect is Effect.Persist { Record: Recovery.WalRecord.BlockHeld });
        int voted = solo.Effects.FindIndex(effect => effect is Effect.Persist { Record: Recovery.WalRecord.OwnBallot });
        int sent = solo.Effects.FindIndex(effect => effect is Effect.SignAndBroadcast);
        Assert.True(kept >= 0 && kept < voted && voted < sent);
    }

    [Fact]
    public void A_second_block_of_the_leader_is_not_notarized_and_convicts_it()
    {
        var solo = new Solo(0);
        Block first = solo.Build([], 1, 1);
        Block second = solo.Build([], 1, 2);

        solo.Propose(first);
        solo.Propose(second);

        Assert.Equal([Solo.Notarize(first), Solo.Nullify(1)], solo.Said);
        Accusation accusation = Assert.Single(solo.Effects.OfType<Effect.Accuse>()).Accusation;
        Assert.Equal((Misbehaviour.TwoProposals, 1), (accusation.Kind, accusation.Accused));
    }

    [Fact]
    public void A_block_of_anybody_but_the_leader_is_ignored()
    {
        var solo = new Solo(0);
        Block block = solo.Build([], 1, 1);
        Ballot ballot = Ballot.Propose(new Epoch(1), new View(1), block.Digest);

        solo.Receive(2, new Message.Propose(TestKeys.Sign(ballot, 2), block));

        Assert.Empty(solo.Said);
    }

    [Fact]
    public void An_invalid_block_is_given_up_and_convicts_its_leader()
    {
        Func<BlockHeader, BlockHeader>[] bends =
        [
            header => header with { StateRoot = Other }, header => header with { HistoryRoot = Other },
            header => header with { Height = new Height(2) }, header => header with { Timestamp = 0 },
            header => header with { IsEpochEnd = true }, header => header with { IsClosing = true },
        ];

        foreach (Func<BlockHeader, BlockHeader> bend in bends)
        {
            var solo = new Solo(0);
            solo.Propose(solo.Build([], 1, 1, bend));

            Assert.Equal([Solo.Nullify(1)], solo.Said);
            Assert.Equal(
                Misbehaviour.InvalidBlock, Assert.Single(solo.Effects.OfType<Effect.Accuse>()).Accusation.Kind);
        }
    }

    [Fact]
    public void A_block_too_far_ahead_of_the_clock_waits_and_convicts_nobody()
    {
        var solo = new Solo(0);
        Block early = solo.Build([], 1, 1, header => header with { Timestamp = Solo.Now + 5_000_001 });
        Block near = solo.Build([], 1, 1, header => header with { Timestamp = Solo.Now + 5_000_000 });

        solo.Propose(early);
        var other = new Solo(0);
        other.Propose(near);

        Assert.Empty(solo.Said);
        Assert.Empty(solo.Effects.OfType<Effect.Accuse>());
        Assert.Equal([Solo.Notarize(near)], other.Said);
    }

    [Fact]
    public void A_block_waits_for_its_parents_notarization_and_is_bundled_with_the_parents_finalize()
    {
        var solo = new Solo(0);
        Block parent = solo.Build([], 1, 1);
        Block child = solo.Build([parent], 2, 2);
        solo.Propose(parent);
        solo.Propose(child);
        Assert.False(solo.HasSaid(BallotKind.Notarize, 2));

        solo.Vote(1, Solo.Notarize(parent));
        solo.Vote(2, Solo.Notarize(parent));

        Assert.Equal(new View(2), solo.Replica.View);
        Ballot bundle = Assert.Single(solo.Effects.OfType<Effect.SignAndBroadcast>(),
            effect => effect.Ballot.Kind == BallotKind.Bundle).Ballot;
        Assert.Equal(Ballot.Bundle(new Epoch(1), new View(1), parent.Digest, child.Digest), bundle);
    }

    [Fact]
    public void Without_a_proposal_the_view_is_given_up_after_twice_the_delay()
    {
        var solo = new Solo(0);
        solo.Give(new Input.GroupVerified(TestKeys.Group(1)));

        Effect.SetTimer timer = solo.Effects.OfType<Effect.SetTimer>().Last(effect => effect.Kind == TimerKind.View);
        solo.Fire(TimerKind.View);

        Assert.Equal(2 * TestCluster.Delay, timer.After);
        Assert.Equal([Solo.Nullify(1)], solo.Said);
    }

    [Fact]
    public void With_a_proposal_the_view_is_given_up_after_three_times_the_delay()
    {
        var solo = new Solo(0);
        solo.Propose(solo.Build([], 1, 1));

        solo.Fire(TimerKind.View);
        bool wasPatient = !solo.HasSaid(BallotKind.Nullify, 1);
        solo.Fire(TimerKind.View);

        Assert.True(wasPatient);
        Assert.True(solo.HasSaid(BallotKind.Nullify, 1));
    }

    [Fact]
    public void The_delay_grows_by_half_with_every_view_without_a_final_block_and_shrinks_with_every_one_that_has_one()
    {
        var solo = new Solo(0);
        solo.Give(new Input.GroupVerified(TestKeys.Group(1)));
        List<TimeSpan> delays = [];
        TimeSpan Time() =>
            solo.Effects.OfType<Effect.SetTimer>().Last(effect => effect.Kind == TimerKind.View).After / 2;

        for (ulong view = 1; view <= 12; view++)
        {
            delays.Add(Time());
            solo.VoteAll(Solo.Nullify(view));
        }

        Block block = solo.Build([], 13, 7);
        solo.Propose(block);
        solo.VoteAll(Solo.Notarize(block));
        TimeSpan afterNotarized = Time();
        solo.VoteAll(Solo.Finalize(block));
        solo.VoteAll(Solo.Nullify(14));
        TimeSpan afterFinal = Time();

        Assert.Equal(TestCluster.Delay, delays[0]);
        Assert.Equal(TestCluster.Delay * 1.5, delays[1]);
        Assert.Equal(TestCluster.Delay * 2.25, delays[2]);
        Assert.Equal(delays[8], delays[10]);
        Assert.InRange(delays[8], TestCluster.Delay * 25.6, TestCluster.Delay * 25.7);
        Assert.Equal(delays[8], afterNotarized);
        Assert.Equal(delays[7], afterFinal);
    }

    [Fact]
    public void A_leader_that_gives_its_own_view_up_is_followed()
    {
        var solo = new Solo(0);

        solo.Vote(2, Solo.Nullify(1));
        bool followedAnybody = solo.HasSaid(BallotKind.Nullify, 1);
        solo.Vote(1, Solo.Nullify(1));

        Assert.False(followedAnybody);
        Assert.True(solo.HasSaid(BallotKind.Nullify, 1));
        Assert.Equal(new View(2), solo.Replica.View);
    }

    [Fact]
    public void Nobody_finalizes_a_view_that_it_gave_up()
    {
        var solo = new Solo(0);
        Block block = solo.Build([], 1, 1);
        solo.Propose(block);
        solo.Fire(TimerKind.View);
        solo.Fire(TimerKind.View);

        solo.VoteAll(Solo.Notarize(block));

        Assert.Equal(new View(2), solo.Replica.View);
        Assert.True(solo.HasSaid(BallotKind.Nullify, 1));
        Assert.False(solo.HasSaid(BallotKind.Finalize, 1));
    }

    [Fact]
    public void Nobody_gives_a_view_up_that_it_finalized()
    {
        var solo = new Solo(0);
        Block block = solo.Build([], 1, 1);
        solo.Propose(block);
        solo.VoteAll(Solo.Notarize(block));

        solo.VoteAll(Solo.Nullify(1));

        Assert.True(solo.HasSaid(BallotKind.Finalize, 1));
        Assert.False(solo.HasSaid(BallotKind.Nullify, 1));
    }

    [Fact]
    public void A_notarized_block_is_finalized_only_once_its_body_is_here_and_durable()
    {
        var solo = new Solo(0);
        Block block = solo.Build([], 1, 1);

        solo.VoteAll(Solo.Notarize(block));
        bool saidBlindly = solo.HasSaid(BallotKind.Finalize, 1);
        solo.Fire(TimerKind.Pull);
        Effect.Send asked = solo.Effects.OfType<Effect.Send>().Last(send => send.Message is Message.PullBlock);
        solo.Receive(1, new Message.BlockFound(block));

        Assert.False(saidBlindly);
        Assert.Equal(block.Digest, Assert.IsType<Message.PullBlock>(asked.Message).Block);
        Assert.True(solo.HasSaid(BallotKind.Finalize, 1));
    }

    [Fact]
    public void A_block_that_nobody_asked_for_is_not_kept()
    {
        var solo = new Solo(0);

        for (int i = 1; i <= 20; i++)
        {
            solo.Receive(1, new Message.BlockFound(solo.Build([], 1, i)));
        }

        Assert.Equal(0, solo.Replica.Held.Blocks);
    }

    [Fact]
    public void A_finalization_makes_all_ancestors_final_in_order()
    {
        var solo = new Solo(0);
        Block first = solo.Build([], 1, 1);
        Block second = solo.Build([first], 2, 2);
        Block third = solo.Build([first, second], 3, 3);
        foreach (Block block in (Block[])[first, second, third])
        {
            solo.Propose(block);
            solo.Vote(1, Solo.Notarize(block));
            solo.Vote(2, Solo.Notarize(block));
        }

        Assert.Empty(solo.Committed);
        solo.Vote(1, Solo.Finalize(third));
        solo.Vote(2, Solo.Finalize(third));

        Assert.Equal([first.Digest, second.Digest, third.Digest], solo.Committed.Select(block => block.Digest));
        Assert.Equal(new Height(3), solo.Replica.FinalHeight);
        Assert.Equal(0, solo.Replica.Held.Blocks);
    }

    [Fact]
    public void A_quorum_is_needed_for_everything_and_nobody_counts_twice()
    {
        var solo = new Solo(0);
        Block block = solo.Build([], 1, 1);

        for (int i = 0; i < 5; i++)
        {
            solo.Vote(1, Solo.Notarize(block));
            solo.Vote(2, Solo.Notarize(block));
            solo.Vote(3, Solo.Nullify(1));
        }

        Assert.Equal(new View(1), solo.Replica.View);
    }

    [Fact]
    public void Contradictions_of_a_voter_are_told_once_each()
    {
        var solo = new Solo(0);
        Block block = solo.Build([], 1, 1);
        Block second = solo.Build([], 1, 2);

        for (int i = 0; i < 3; i++)
        {
            solo.Vote(3, Solo.Notarize(block));
            solo.Vote(3, Solo.Notarize(second));
            solo.Vote(3, Solo.Finalize(block));
            solo.Vote(3, Solo.Finalize(second));
            solo.Vote(3, Solo.Nullify(1));
        }

        Misbehaviour[] kinds = [.. solo.Effects.OfType<Effect.Accuse>().Select(effect => effect.Accusation.Kind)];
        Assert.Equal(
            [Misbehaviour.TwoNotarizations, Misbehaviour.TwoFinalizes, Misbehaviour.NullifyAndFinalize], kinds);
        Assert.All(solo.Effects.OfType<Effect.Accuse>(), effect => Assert.Equal(3, effect.Accusation.Accused));
    }

    [Fact]
    public void A_vote_of_another_incarnation_does_not_count_and_is_told()
    {
        var solo = new Solo(0);
        Vote foreign = TestKeys.Sign(Solo.Nullify(1), 3, incarnation: 2);

        solo.Receive(3, new Message.VoteCast(foreign));
        solo.Vote(1, Solo.Nullify(1));

        Assert.Equal(new View(1), solo.Replica.View);
        Accusation accusation = Assert.Single(solo.Effects.OfType<Effect.Accuse>()).Accusation;
        Assert.Equal((Misbehaviour.ForeignIncarnation, 3), (accusation.Kind, accusation.Accused));
    }

    [Fact]
    public void Votes_for_views_far_ahead_fill_no_memory_yet_a_certificate_is_followed()
    {
        var solo = new Solo(0);
        for (ulong view = 100; view < 1_000; view++)
        {
            solo.Vote(3, Solo.Nullify(view));
        }

        int held = solo.Replica.Held.Views;
        Certificate far = new(BallotKind.Nullify, new Epoch(1), new View(5_000), default, [
            new CertificateVote(1, null, new byte[] { 1 }), new CertificateVote(2, null, new byte[] { 1 }),
            new CertificateVote(3, null, new byte[] { 1 })]);
        solo.Receive(1, new Message.Certificates([far]));

        Assert.InRange(held, 1, 140);
        Assert.Equal(new View(5_001), solo.Replica.View);
    }

    [Fact]
    public void An_equivocator_among_the_voters_fills_no_memory()
    {
        var solo = new Solo(0);

        for (int i = 1; i < 200; i++)
        {
            Digest block = Digest.Sha256(BitConverter.GetBytes(i));
            solo.Vote(3, Ballot.Notarize(new Epoch(1), new View(1), block));
            solo.Vote(3, Ballot.Finalize(new Epoch(1), new View(1), block));
        }

        Assert.Equal(1, solo.Replica.Held.Views);
        Assert.Equal(2, solo.Effects.OfType<Effect.Accuse>().Count());
    }

    [Fact]
    public void Leaving_a_view_is_announced_and_its_votes_are_served()
    {
        var solo = new Solo(0);
        solo.VoteAll(Solo.Nullify(1));

        Message.Have have = Assert.Single(solo.Effects.OfType<Effect.Broadcast>()
            .Select(effect => effect.Message).OfType<Message.Have>());
        solo.Receive(2, new Message.Pull(have.Kind, have.Epoch, have.View, have.Block, 0b0100));

        Certificate served = Assert.IsType<Message.Certificates>(
            solo.Effects.OfType<Effect.Send>().Last().Message).Items[0];
        Assert.Equal((BallotKind.Nullify, new View(1), 0b0100UL), (served.Kind, served.View, served.Voters));
    }

    [Fact]
    public void Only_what_is_missing_to_a_quorum_is_pulled()
    {
        var solo = new Solo(0);
        solo.Vote(1, Solo.Nullify(1));

        solo.Receive(2, new Message.Have(BallotKind.Nullify, new Epoch(1), new View(1), default, 0b1110));
        solo.Fire(TimerKind.Pull);
        bool isOnItsWay = !solo.Effects.OfType<Effect.Send>().Any(send => send.Message is Message.Pull);
        solo.Fire(TimerKind.Pull);

        Message.Pull pull = Assert.IsType<Message.Pull>(solo.Effects.OfType<Effect.Send>().Last().Message);
        Assert.True(isOnItsWay);
        Assert.Equal(0b0100UL, pull.Missing);
    }

    [Fact]
    public void Who_lacks_the_proposal_of_its_view_asks_the_leader_and_then_the_others()
    {
        var solo = new Solo(0);
        solo.Give(new Input.GroupVerified(TestKeys.Group(1)));
        List<NodeId> asked = [];

        for (int i = 0; i < 4; i++)
        {
            solo.Fire(TimerKind.Pull);
        }

        asked.AddRange(solo.Effects.OfType<Effect.Send>()
            .Where(send => send.Message is Message.PullProposal { View.Value: 1 }).Select(send => send.To));
        solo.Propose(solo.Build([], 1, 1));

        Assert.Equal([Solo.Set[1].Node, Solo.Set[2].Node, Solo.Set[3].Node], asked);
        Assert.True(solo.HasSaid(BallotKind.Notarize, 1));
    }

    [Fact]
    public void A_proposal_is_served_under_its_leaders_signature_by_the_leader_and_by_who_heard_it()
    {
        var hearer = new Solo(0);
        Block block = hearer.Build([], 1, 1);
        hearer.Propose(block);
        var leader = new Solo(1);
        leader.Give(new Input.GroupVerified(TestKeys.Group(1)));
        Effect.SignAndPropose proposed = Assert.Single(leader.Effects.OfType<Effect.SignAndPropose>());
        leader.Give(new Input.OwnVoteSigned(TestKeys.Sign(proposed.Ballot, 1)));

        hearer.Receive(2, new Message.PullProposal(new Epoch(1), new View(1)));
        hearer.Receive(2, new Message.PullProposal(new Epoch(1), new View(2)));
        hearer.Receive(2, new Message.PullProposal(new Epoch(2), new View(1)));
        leader.Receive(2, new Message.PullProposal(new Epoch(1), new View(1)));

        Message.Propose heard = Assert.Single(hearer.Effects.OfType<Effect.Send>()
            .Select(send => send.Message).OfType<Message.Propose>());
        Message.Propose own = Assert.Single(leader.Effects.OfType<Effect.Send>()
            .Select(send => send.Message).OfType<Message.Propose>());
        Assert.Equal((block.Digest, 1), (heard.Block.Digest, heard.Vote.Voter));
        Assert.Equal((proposed.Ballot, 1), (own.Vote.Ballot, own.Vote.Voter));
    }

    [Fact]
    public void A_pull_at_the_end_of_all_views_is_answered_with_nothing()
    {
        var solo = new Solo(0);
        View last = new(ulong.MaxValue);

        solo.Receive(1, new Message.PullViews(new Epoch(1), last, last));
        solo.Receive(1, new Message.Have(BallotKind.Nullify, new Epoch(1), last, default, 0b1110));
        solo.Receive(1, new Message.Status(new Epoch(1), last, new Height(ulong.MaxValue), Other, last, false));
        solo.Fire(TimerKind.Pull);

        Assert.DoesNotContain(solo.Effects.OfType<Effect.Send>(), send => send.Message is Message.Certificates);
        Assert.Equal(new View(1), solo.Replica.View);
    }

    [Fact]
    public void A_liar_that_claims_the_most_blocks_does_not_keep_the_others_from_being_asked()
    {
        var solo = new Solo(0);
        HashSet<NodeId> asked = [];
        for (int i = 0; i < 4; i++)
        {
            solo.Receive(3, new Message.Status(new Epoch(1), new View(1), new Height(1_000_000), Other, default, true));
            solo.Receive(2, new Message.Status(new Epoch(1), new View(1), new Height(5), Other, default, true));
            solo.Fire(TimerKind.Pull);
        }

        asked.UnionWith(solo.Effects.OfType<Effect.Send>().Where(send => send.Message is Message.PullFinal)
            .Select(send => send.To));

        Assert.Equal(2, asked.Count);
    }

    [Fact]
    public void Who_claims_to_have_left_a_view_and_shows_no_votes_is_not_asked_for_ever()
    {
        var solo = new Solo(0);
        solo.Receive(3, new Message.Have(BallotKind.Nullify, new Epoch(1), new View(90), default, 0b1110));

        int pulls = 0;
        while (pulls < 100 && solo.IsRunning(TimerKind.Pull))
        {
            solo.Fire(TimerKind.Pull);
            pulls++;
        }

        Assert.InRange(pulls, 1, 20);
    }

    [Fact]
    public void A_peer_that_fills_the_pool_leaves_room_for_the_commands_of_this_node()
    {
        var solo = new Solo(0);
        for (int i = 0; i < 160; i++)
        {
            solo.Receive(3, new Message.Submit(TestKeys.Group(1_000 + i, new byte[60_000])));
        }

        int before = solo.Replica.WaitingGroups;
        solo.Give(new Input.GroupVerified(TestKeys.Group(1)));

        Assert.InRange(before, 1, 80);
        Assert.Equal(before + 1, solo.Replica.WaitingGroups);
    }
}
