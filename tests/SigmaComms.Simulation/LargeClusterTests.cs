using SigmaComms.Simulation.Runs;
using Xunit.Abstractions;

namespace SigmaComms.Simulation;

/// <summary>What 31 validators send, with signatures as long as those of ML-DSA-65.</summary>
public sealed class LargeClusterTests(ITestOutputHelper output)
{
    private const int NodeVoteBytes = 31 * 3_450;

    [Fact]
    public void A_decision_of_thirty_one_validators_costs_each_of_them_two_votes_to_all_and_little_besides()
    {
        var figures = LargeCluster.Measure(31, clients: 1, operationsPerClient: 6, TimeSpan.FromMilliseconds(4));

        output.WriteLine(figures.ToString());
        Assert.True(figures.VotesOfMostPerDecision <= 2 * NodeVoteBytes * 1.1, figures.ToString());
        Assert.True(figures.VotesPerDecision <= 2 * 31 * NodeVoteBytes, figures.ToString());
    }

    [Fact]
    public void Under_load_a_decision_of_thirty_one_validators_costs_each_of_them_one_vote_to_all()
    {
        var figures = LargeCluster.Measure(
            31, clients: 64, operationsPerClient: 8, TimeSpan.FromMilliseconds(4), isUnderLoad: true);

        output.WriteLine(figures.ToString());
        Assert.True(figures.VotesOfMostPerDecision <= 150_000, figures.ToString());
        Assert.True(figures.VotesPerDecision <= 3_200_000, figures.ToString());
    }
}
