using SigmaComms.Simulation.Keys;
using SigmaComms.Simulation.Runs;
using Xunit.Abstractions;

namespace SigmaComms.Simulation;

/// <summary>A few runs with ML-DSA-65 for votes, commands, claims and evidence.</summary>
public sealed class RealSignatureTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    public void With_true_signatures_the_same_holds(ulong seed)
    {
        RunResult result = Run.Play(PlanDrawing.Of(seed), LatticeScheme.Instance);

        output.WriteLine(result.ToString());
        Assert.True(result.IsGood, result.ToString());
        Assert.True(result.Height > 0);
    }
}
