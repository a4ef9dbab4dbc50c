using SigmaComms.Cluster.Control.Hosting;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Tests.Control.Hosting;

public sealed class AnswerBudgetTests
{
    private static readonly NodeId Peer = SimCluster.IdentityOf(1).Id;
    private static readonly NodeId Other = SimCluster.IdentityOf(2).Id;

    [Fact]
    public void What_answers_a_short_question_at_length_costs_and_votes_and_questions_do_not()
    {
        Certificate certificate = new(
            BallotKind.Finalize, new Epoch(1), new View(1), Digest.Sha256([1]),
            [.. Enumerable.Range(0, 3).Select(voter => new CertificateVote((byte)voter, null, new byte[3_309]))]);
        Message answer = new Message.Certificates([certificate, certificate]);
        Message question = new Message.PullBlock(new Epoch(1), Digest.Sha256([1]));

        Assert.True(AnswerBudget.IsAnswer(answer));
        Assert.False(AnswerBudget.IsAnswer(question));
        Assert.InRange(AnswerBudget.SizeOf(answer), MessageCodec.Encode(answer).Length * 9 / 10, 1 << 20);
    }

    [Fact]
    public void A_peer_gets_its_share_at_once_then_so_much_a_second_and_takes_nothing_from_others()
    {
        AnswerBudget budget = new(bytesPerSecond: 100, bytesMax: 1_000);

        bool[] atOnce = [.. Enumerable.Range(0, 11).Select(_ => budget.TryTake(Peer, 100, TimeSpan.Zero))];
        bool other = budget.TryTake(Other, 1_000, TimeSpan.Zero);
        bool early = budget.TryTake(Peer, 100, TimeSpan.FromSeconds(0.9));
        bool late = budget.TryTake(Peer, 100, TimeSpan.FromSeconds(1));
        bool afterLong = budget.TryTake(Peer, 1_000, TimeSpan.FromDays(400));
        bool overAll = budget.TryTake(Peer, 1_001, TimeSpan.FromDays(800));

        Assert.Equal([.. Enumerable.Repeat(true, 10), false], atOnce);
        Assert.Equal((true, false, true), (other, early, late));
        Assert.True(afterLong);
        Assert.False(overAll);
    }
}
