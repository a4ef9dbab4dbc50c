using SigmaComms.Consensus.Tests.Replicas.Harness;
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
}
