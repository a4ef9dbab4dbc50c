using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Tests;

public sealed class ValidatorSetTests
{
    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(2, 0, 2)]
    [InlineData(3, 0, 2)]
    [InlineData(4, 1, 3)]
    [InlineData(5, 1, 4)]
    [InlineData(6, 1, 4)]
    [InlineData(7, 2, 5)]
    [InlineData(31, 10, 21)]
    [InlineData(64, 21, 43)]
    public void Faults_and_quorum_are_those_of_the_paper(int count, int faults, int quorum)
    {
        ValidatorSet set = Of(count);

        Assert.Equal((faults, quorum), (set.FaultsMax, set.Quorum));
    }

    [Fact]
    public void Any_two_quorums_share_an_honest_validator_and_the_honest_ones_reach_a_quorum()
    {
        for (int count = 1; count <= ValidatorSet.CountMax; count++)
        {
            ValidatorSet set = Of(count);

            Assert.True((2 * set.Quorum) - count > set.FaultsMax, $"{count}: quorums share too few");
            Assert.True(count - set.FaultsMax >= set.Quorum, $"{count}: faulty validators could stop the log");
        }
    }

    [Fact]
    public void Validators_are_sorted_by_their_node_whatever_order_they_come_in()
    {
        Validator[] validators = [.. Of(7).Members];

        ValidatorSet set = new(new Epoch(1), validators.Reverse());

        Assert.Equal(validators, set.Members);
        Assert.True(set.TryIndexOf(validators[3].Node, out int index));
        Assert.Equal(3, index);
        Assert.False(set.TryIndexOf(NodeId.Of([9, 9]), out _));
    }

    [Fact]
    public void The_leader_changes_with_every_view()
    {
        ValidatorSet set = Of(4);

        int[] leaders = [.. Enumerable.Range(1, 8).Select(view => set.LeaderOf(new View((ulong)view)))];

        Assert.Equal([1, 2, 3, 0, 1, 2, 3, 0], leaders);
    }

    [Fact]
    public void A_node_or_a_key_that_stands_there_twice_is_refused()
    {
        Validator one = Validator(1);
        Validator sameNode = Validator(2) with { Node = one.Node };
        Validator sameKey = Validator(2) with { VotingKey = one.VotingKey.ToArray() };

        Assert.Throws<ArgumentException>(() => new ValidatorSet(new Epoch(1), [one, sameNode]));
        Assert.Throws<ArgumentException>(() => new ValidatorSet(new Epoch(1), [one, sameKey]));
        Assert.Throws<ArgumentException>(() => new ValidatorSet(new Epoch(1), []));
        Assert.Throws<ArgumentException>(() => Of(65));
    }

    private static ValidatorSet Of(int count) => new(new Epoch(1), Enumerable.Range(0, count).Select(Validator));

    private static Validator Validator(int number) => new(NodeId.Of([(byte)number]), 1, new byte[] { (byte)number });
}
