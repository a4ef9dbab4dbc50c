using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Tests.Replicas.Harness;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Tests.Replicas;

/// <summary>Time-outs grow until the slowest honest link is fast enough, whatever a Byzantine validator adds.</summary>
public sealed class PacemakerTests
{
    private static readonly TimeSpan Near = TimeSpan.FromMilliseconds(5);

    // The Byzantine validator completes every notarization, so no view fails; towards the slow replica at once, so
    // that it enters each view early and gives it up before the block comes; towards the others as late as they wait.
    // It finalizes nothing: two finalize are no quorum. Were time-outs reset by notarizations, that went on for ever.
    [Theory]
    [InlineData(400)]
    [InlineData(700)]
    [InlineData(1_500)]
    public void A_slow_honest_link_and_a_validator_that_never_finalizes_do_not_stop_the_network(int slowMs)
    {
        var cluster = new TestCluster(4, 0, number => number == 3);
        TestNode liar = cluster.Nodes[3];
        TestNode slow = cluster.Nodes[2];
        TestNode quick = cluster.Nodes[0];
        TimeSpan far = TimeSpan.FromMilliseconds(slowMs);
        var liarsVotes = new HashSet<View>();
        cluster.Network = (from, to, message) =>
        {
            if (from == quick && message is Message.VoteCast said
                && said.Vote.Ballot.Notarizes(out View view, out Digest block) && liarsVotes.Add(view))
            {
                Notarize(cluster, liar, view, block);
            }

            return from == liar ? OfLiar(message, to == slow, quick.ViewTime * 1.25)
                : (from == slow || to == slow) && to != liar ? [far] : [Near];
        };
        cluster.Start();
        cluster.RunFor(far * 2);

        cluster.Submit(quick, 1);
        bool isFinal = cluster.RunUntil(
            () => cluster.Honest.All(node => node.Committed.Count > 0), TimeSpan.FromSeconds(60));

        Assert.True(isFinal);
        cluster.CheckRules();
    }

    // It says nothing but its proposals, not to the slow one, and the votes that are made for it.
    private static IEnumerable<TimeSpan> OfLiar(Message message, bool isToSlow, TimeSpan late) => message switch
    {
        Message.VoteCast { Vote.Signature.Length: > 3 } => [isToSlow ? Near : late],
        Message.Propose => isToSlow ? [] : [Near],
        _ => [],
    };

    private static void Notarize(TestCluster cluster, TestNode liar, View view, Digest block)
    {
        Ballot ballot = Ballot.Notarize(new Epoch(1), view, block);
        Assert.True(cluster.Genesis.Ledger.Validators.TryIndexOf(liar.Id, out int place));
        Vote vote = TestKeys.Sign(ballot, place) with { Signature = new byte[] { 1, 2, 3, 4 } };
        liar.SignedVotes.Add(vote);
        foreach (TestNode to in cluster.Honest)
        {
            cluster.Deliver(liar, to, new Message.VoteCast(vote));
        }
    }
}
