using SigmaComms.Consensus.Evidence;
using SigmaComms.Consensus.Tests.Replicas.Harness;
using SigmaComms.Consensus.Votes;
using Xunit.Abstractions;

namespace SigmaComms.Consensus.Tests.Replicas;

/// <summary>Random runs. CheckRules and the harness hold the invariants; a seed repeats its run exactly.</summary>
public sealed class PropertyTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(4, 1, 12)]
    [InlineData(7, 1_001, 2)]
    public void Whatever_network_crashes_and_Byzantine_nodes_do_nothing_forks_and_peace_brings_finality(
        int validators, int firstSeed, int count)
    {
        for (int seed = firstSeed; seed < firstSeed + count; seed++)
        {
            output.WriteLine($"seed {seed}");
            var chaos = new Chaos(seed, validators);

            chaos.Run(TimeSpan.FromSeconds(8));
            bool isLive = chaos.IsLive();

            Assert.True(isLive, $"seed {seed}: no finality after the peace");
            chaos.Cluster.CheckRules();
            Assert.All(chaos.Cluster.Honest, node => Assert.True(
                node.Replica.Held.Views < 400 && node.Replica.Held.Blocks < 200, $"seed {seed}: {node.Replica.Held}"));
        }
    }

    // Not only what the replicas noticed: whatever two signatures somebody might have kept.
    [Theory]
    [InlineData(4, 501, 4)]
    public void An_honest_key_never_signs_evidence_over_loss_crashes_and_restarts(
        int validators, int firstSeed, int count)
    {
        for (int seed = firstSeed; seed < firstSeed + count; seed++)
        {
            output.WriteLine($"seed {seed}");
            var chaos = new Chaos(seed, validators);
            ValidatorSet set = chaos.Cluster.Genesis.Ledger.Validators;

            chaos.Run(TimeSpan.FromSeconds(6));

            foreach (TestNode node in chaos.Cluster.Honest)
            {
                Vote[] votes = [.. node.SignedVotes.DistinctBy(vote => vote.Ballot)];
                Assert.NotEmpty(votes);
                Assert.All(votes, first => Assert.All(
                    votes.Where(second => IsNear(first, second)), second => Assert.All(
                        Enum.GetValues<Misbehaviour>(),
                        kind => Assert.False(IsEvidence(kind, first, second, set), $"seed {seed}: {first} {second}"))));
            }
        }
    }

    // A bundle speaks of two views.
    private static bool IsNear(Vote first, Vote second) =>
        first.Ballot.View.Value + 1 >= second.Ballot.View.Value
        && second.Ballot.View.Value + 1 >= first.Ballot.View.Value;

    private static bool IsEvidence(Misbehaviour kind, Vote first, Vote second, ValidatorSet set) =>
        new Accusation(kind, first, second, null).IsSound(set)
        || (kind == Misbehaviour.ForeignIncarnation && new Accusation(kind, first, null, null).IsSound(set));
}
