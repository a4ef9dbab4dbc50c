using SigmaComms.Consensus.Evidence;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Tests.Support;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Tests.Membership;

public sealed class AccusationJudgeTests
{
    private static readonly ValidatorSet Set = new(new Epoch(1), Enumerable.Range(1, 4).Select(
        number => new Validator(new TestNode(number).Id, 1, FakeSignatures.Key(number))));

    private readonly AccusationJudge _judge = new(FakeSignatures.Instance);

    [Fact]
    public void Two_votes_that_contradict_each_other_convict_who_signed_both()
    {
        byte[] evidence = Evidence(Signed(2, [1]), Signed(2, [2]));

        bool ok = _judge.TryConvict(TestNode.Cluster, Set, evidence, out NodeId guilty);

        Assert.True(ok);
        Assert.Equal(Set[2].Node, guilty);
    }

    [Fact]
    public void Nobody_is_convicted_by_forged_equal_or_foreign_votes()
    {
        Vote forged = Signed(2, [2]) with { Signature = new byte[3_309] };

        Assert.False(Convicts(Evidence(Signed(2, [1]), forged), Set));
        Assert.False(Convicts(Evidence(forged, Signed(2, [1])), Set));
        Assert.False(Convicts(Evidence(Signed(2, [1]), Signed(2, [1])), Set));
        Assert.False(Convicts(Evidence(Signed(2, [1]), Signed(3, [2])), Set));
        Assert.False(Convicts(Evidence(Signed(2, [1]), Signed(2, [2])), new ValidatorSet(new Epoch(2), Set.Members)));
        Assert.False(_judge.TryConvict(Digest.Sha256([1]), Set, Evidence(Signed(2, [1]), Signed(2, [2])), out _));
    }

    [Fact]
    public void Hostile_evidence_convicts_nobody()
    {
        byte[] evidence = Evidence(Signed(2, [1]), Signed(2, [2]));

        Assert.All(Hostile.BitFlips(evidence, 41), bytes => Assert.False(Convicts(bytes, Set)));
        Assert.All(Hostile.Cuts(evidence, 61), bytes => Assert.False(Convicts(bytes, Set)));
        Assert.All(Hostile.Noise(evidence, 200, new SeededRandom(3)), bytes => Assert.False(Convicts(bytes, Set)));
    }

    private bool Convicts(byte[] evidence, ValidatorSet set) =>
        _judge.TryConvict(TestNode.Cluster, set, evidence, out _);

    private static byte[] Evidence(Vote first, Vote second) =>
        new Accusation(Misbehaviour.TwoNotarizations, first, second, null).Encode();

    private static Vote Signed(int voter, byte[] block)
    {
        Ballot ballot = Ballot.Notarize(new Epoch(1), new View(3), Digest.Sha256(block));
        byte[] signature = FakeSignatures.Sign(
            Set[voter].VotingKey.Span, ballot.SignedMessage(1), ballot.SignatureContext(TestNode.Cluster));
        return new Vote(ballot, (byte)voter, 1, signature);
    }
}
