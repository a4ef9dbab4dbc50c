using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Tests.Replicas.Harness;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;

namespace SigmaComms.Consensus.Tests.Replicas;

/// <summary>Faults that other protocols or their implementations had, shown not to be here.</summary>
public sealed class PublishedBugTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(5);

    // arXiv 2310.09006: a replica alone locked on a hidden certificate; later leaders never satisfied it.
    [Fact]
    public void Hidden_lock_of_two_phase_hotstuff_a_notarization_that_one_replica_alone_holds_stops_nobody()
    {
        var cluster = new TestCluster(4);
        cluster.Start();
        TestNode alone = cluster.LeaderOf(2);
        bool isHidden = true;
        cluster.Network = (_, to, message) =>
            isHidden && to != alone && message is Message.VoteCast { Vote.Ballot.Kind: BallotKind.Notarize }
                or Message.Have or Message.Certificates ? [] : [Soon];
        cluster.Submit(cluster.LeaderOf(1), 1);
        cluster.RunFor(TimeSpan.FromMilliseconds(25));
        View ahead = alone.Replica.View;
        cluster.Network = (from, to, _) => isHidden && (from == alone || to == alone) ? [] : [Soon];
        cluster.RunFor(TestCluster.Delay * 8);
        bool othersWentOn = cluster.Nodes.Where(node => node != alone).All(node => node.Committed.Count > 0);

        isHidden = false;
        bool isFinal = cluster.RunUntil(
            () => cluster.Nodes.All(node => node.Replica.FinalHeight == cluster.Nodes[0].Replica.FinalHeight
                && node.Committed.Count > 0),
            TestCluster.Delay * 40);

        Assert.Equal(new View(2), ahead);
        Assert.True(othersWentOn);
        Assert.True(isFinal);
        cluster.CheckRules();
    }

    // Fast-HotStuff: three blocks in a row by their parents' links were taken for final.
    [Fact]
    public void Commit_rule_by_parent_links_a_chain_of_notarized_blocks_is_not_final_without_a_finalization()
    {
        var solo = new Solo(0);
        List<Block> chain = [];
        foreach (ulong view in (ulong[])[1, 2, 3, 5])
        {
            if (view == 5)
            {
                solo.VoteAll(Solo.Nullify(4));
            }

            Block block = solo.Build(chain, view, (int)view);
            chain.Add(block);
            solo.Propose(block);
            solo.Vote(1, Solo.Notarize(block));
            solo.Vote(2, Solo.Notarize(block));
        }

        Assert.Equal(new View(6), solo.Replica.View);
        Assert.Empty(solo.Committed);
    }

    [Fact]
    public void Invalid_proposal_halts_it_costs_a_view_and_no_more()
    {
        var solo = new Solo(0);
        solo.Give(new Input.GroupVerified(TestKeys.Group(1)));

        solo.Propose(solo.Build([], 1, 2, header => header with { StateRoot = header.Parent }));
        solo.VoteAll(Solo.Nullify(1));
        Block good = solo.Build([], 2, 3);
        solo.Propose(good);

        Assert.True(solo.HasSaid(BallotKind.Nullify, 1));
        Assert.Contains(Solo.Notarize(good), solo.Said);
    }

    [Fact]
    public void Invalid_proposal_halts_a_child_of_an_invalid_block_is_not_even_executed()
    {
        var solo = new Solo(0);
        Block bad = solo.Build([], 1, 2, header => header with { StateRoot = header.Parent });
        Block child = solo.Build([bad], 2, 3);
        solo.Propose(bad);
        solo.VoteAll(Solo.Nullify(1));

        solo.Propose(child);

        Assert.DoesNotContain(Solo.Notarize(child), solo.Said);
    }

    [Fact]
    public void Finalize_rebroadcast_without_time_out_check_a_view_given_up_is_not_finalized_by_any_repetition()
    {
        var solo = new Solo(0);
        Block block = solo.Build([], 1, 1);
        solo.Propose(block);
        solo.Fire(TimerKind.View);
        solo.Fire(TimerKind.View);
        solo.VoteAll(Solo.Notarize(block));

        solo.Fire(TimerKind.Retry);
        solo.Fire(TimerKind.Retry);
        solo.Restart();
        solo.VoteAll(Solo.Notarize(block));

        Assert.False(solo.HasSaid(BallotKind.Finalize, 1));
        Assert.DoesNotContain(solo.Effects.OfType<Effect.Broadcast>(),
            effect => effect.Message is Message.VoteCast { Vote.Ballot.Finalizes: true });
    }

    [Fact]
    public void Parent_skip_without_nullification_proof_a_block_that_skips_a_view_waits_for_its_nullification()
    {
        var solo = new Solo(0);
        Block first = solo.Build([], 1, 1);
        Block skipping = solo.Build([], 3, 3);
        solo.VoteAll(Solo.Notarize(first));
        solo.VoteAll(Solo.Nullify(2));
        Assert.Equal(new View(3), solo.Replica.View);

        solo.Propose(skipping);
        bool votedWithoutProof = solo.HasSaid(BallotKind.Notarize, 3);
        solo.VoteAll(Solo.Nullify(1));

        Assert.False(votedWithoutProof);
        Assert.Contains(Solo.Notarize(skipping), solo.Said);
    }

    [Fact]
    public void Parent_skip_without_nullification_proof_a_leader_does_not_skip_either_and_asks()
    {
        var solo = new Solo(3);
        Certificate second = new(BallotKind.Nullify, new Epoch(1), new View(2), default, [
            new CertificateVote(0, null, new byte[] { 1 }), new CertificateVote(1, null, new byte[] { 1 }),
            new CertificateVote(2, null, new byte[] { 1 })]);
        solo.Give(new Input.GroupVerified(TestKeys.Group(1)));

        solo.Receive(1, new Message.Certificates([second]));
        bool proposedWithoutProof = solo.HasSaid(BallotKind.Propose, 3);
        solo.Fire(TimerKind.Pull);
        bool asked = solo.Effects.OfType<Effect.Send>().Any(send => send.Message is Message.PullViews);
        solo.VoteAll(Solo.Nullify(1));

        Assert.False(proposedWithoutProof);
        Assert.True(asked);
        Assert.True(solo.HasSaid(BallotKind.Propose, 3));
    }

    [Fact]
    public void Nullified_then_notarized_both_are_kept_and_the_next_leader_may_build_on_the_block()
    {
        var solo = new Solo(0);
        Block block = solo.Build([], 1, 1);
        solo.VoteAll(Solo.Nullify(1));
        Assert.Equal(new View(2), solo.Replica.View);

        solo.Propose(block);
        solo.VoteAll(Solo.Notarize(block));
        Block child = solo.Build([block], 2, 2);
        solo.Propose(child);

        Assert.Contains(Solo.Notarize(child), solo.Said);
        solo.Receive(1, new Message.PullViews(new Epoch(1), new View(1), new View(1)));
        Message.Certificates both = Assert.IsType<Message.Certificates>(
            solo.Effects.OfType<Effect.Send>().Last().Message);
        Assert.Equal([BallotKind.Nullify, BallotKind.Notarize], both.Items.Select(item => item.Kind));
    }

    [Fact]
    public void Non_durable_vote_makes_an_honest_node_equivocate_a_restarted_replica_says_the_same_again()
    {
        var solo = new Solo(0);
        Block first = solo.Build([], 1, 1);
        Block second = solo.Build([], 1, 2);
        solo.Propose(first);

        solo.Restart();
        solo.Propose(second);
        solo.Propose(first);

        Assert.Equal([first.Digest], solo.Said.Where(said => said.Kind == BallotKind.Notarize)
            .Select(said => said.Block).Distinct());
        Assert.True(solo.Said.Count(said => said == Solo.Notarize(first)) > 1, "it is said again");
    }

    [Fact]
    public void Restart_without_certificates_all_four_come_back_in_any_view_and_go_on()
    {
        for (int moment = 20; moment < 60; moment += 2)
        {
            var cluster = new TestCluster(4);
            cluster.Start();
            for (int i = 0; i < 4; i++)
            {
                cluster.Submit(cluster.Nodes[i], i);
            }

            cluster.RunFor(TimeSpan.FromMilliseconds(moment - 20));
            foreach (TestNode node in cluster.Nodes)
            {
                node.Crash();
            }

            cluster.RunFor(TimeSpan.FromSeconds(1));
            foreach (TestNode node in cluster.Nodes)
            {
                node.Restart();
            }

            cluster.Submit(cluster.Nodes[0], 100);
            bool isFinal = cluster.RunUntil(
                () => cluster.Nodes.All(node => node.Replica.WaitingGroups == 0 && node.Committed.Count > 0
                    && node.Replica.FinalDigest == cluster.Nodes[0].Replica.FinalDigest),
                TestCluster.Delay * 40);

            Assert.True(isFinal, $"restart at {moment} ms");
            cluster.CheckRules();
        }
    }

    [Fact]
    public void Duplicated_keys_one_voter_under_two_places_is_no_set_and_no_certificate()
    {
        Validator one = TestKeys.Validator(1);

        Assert.Throws<ArgumentException>(() => new ValidatorSet(
            new Epoch(1), [one, TestKeys.Validator(2) with { VotingKey = one.VotingKey }]));
        Assert.Throws<ArgumentException>(() => new Certificate(
            BallotKind.Nullify, new Epoch(1), new View(1), default,
            [new CertificateVote(1, null, new byte[] { 1 }), new CertificateVote(1, null, new byte[] { 1 })]));
    }

    // A peer's claim of its height was believed, and nothing else was fetched until it came true.
    [Fact]
    public void Forged_sequence_halts_sync_blocks_that_do_not_link_or_are_not_final_change_nothing()
    {
        var solo = new Solo(0);
        Block first = solo.Build([], 1, 1);
        Block second = solo.Build([first], 2, 2);
        Block other = solo.Build([], 1, 3);
        solo.Receive(3, new Message.Status(
            new Epoch(1), new View(9), new Height(ulong.MaxValue), other.Digest, new View(9), IsAnswer: true));

        solo.Receive(3, new Message.FinalBlocks([second], Proof(second, 1, 2, 3)));
        solo.Receive(3, new Message.FinalBlocks([other, second], Proof(second, 1, 2, 3)));
        solo.Receive(3, new Message.FinalBlocks([first, second], Proof(second, 1, 2)));
        solo.Receive(3, new Message.FinalBlocks([first, second], Proof(other, 1, 2, 3)));
        bool wasFooled = solo.Committed.Any() || solo.Replica.Held.Blocks > 0;
        solo.Receive(1, new Message.FinalBlocks([first, second], Proof(second, 1, 2, 3)));

        Assert.False(wasFooled);
        Assert.Equal([first.Digest, second.Digest], solo.Committed.Select(block => block.Digest));
        Assert.Equal(new View(3), solo.Replica.View);

        static FinalityProof Proof(Block block, params int[] voters) => new(
            new Certificate(BallotKind.Finalize, new Epoch(1), block.Header.View, block.Digest, [
                .. voters.Select(voter => new CertificateVote((byte)voter, null, new byte[] { 1 }))]), []);
    }

    // Where a replica acted on a certificate that was not durable, a restart sent it back and it voted anew.
    [Fact]
    public void Wal_order_the_certificate_of_a_view_is_durable_before_any_vote_of_the_next()
    {
        var solo = new Solo(0);
        Block first = solo.Build([], 1, 1);
        Block second = solo.Build([first], 2, 2);
        solo.Propose(first);
        solo.Propose(second);
        solo.VoteAll(Solo.Notarize(first));

        int certificate = solo.Effects.FindIndex(effect => effect is Effect.Persist
        {
            Record: Recovery.WalRecord.CertificateHeld { Certificate.Kind: BallotKind.Notarize },
        });
        int vote = solo.Effects.FindIndex(effect => effect is Effect.Persist
        {
            Record: Recovery.WalRecord.OwnBallot { Ballot.Kind: BallotKind.Bundle },
        });
        solo.Restart();

        Assert.True(certificate >= 0 && certificate < vote);
        Assert.Equal(new View(2), solo.Replica.View);
    }

    [Fact]
    public void More_liars_than_allowed_stop_a_replica_and_do_not_fork_it()
    {
        var solo = new Solo(0);
        Block first = solo.Build([], 1, 1);
        Block fork = solo.Build([], 2, 2);
        solo.Propose(first);
        solo.VoteAll(Solo.Notarize(first));
        solo.VoteAll(Solo.Finalize(first));

        solo.VoteAll(Solo.Finalize(fork));
        solo.Fire(TimerKind.Pull);

        Assert.Throws<InvalidOperationException>(() => solo.Receive(1, new Message.BlockFound(fork)));
        Assert.Equal(first.Digest, solo.Replica.FinalDigest);
    }
}
