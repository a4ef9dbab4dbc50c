using SigmaComms.ConstantTime.Tests.Probing;
using SigmaComms.ConstantTime.Tests.Valgrind;
using Xunit.Abstractions;

namespace SigmaComms.ConstantTime.Tests;

/// <summary>
/// No branch and no address depends on a secret, but for the written list: valgrind watches the compiled code with the
/// secrets poisoned. It knows no AVX-512; for that there is a test of times.
/// </summary>
public sealed class ConstantTimeTests(ITestOutputHelper output)
{
    private const string Planted = "SigmaComms.ConstantTime.Tests.Probing.PlantedLeak.";

    // All at once: a run keeps one core busy for half a minute, most of it with compiling.
    private static readonly Lazy<Dictionary<string, Task<ValgrindRun>>> Runs = new(static () => new()
    {
        ["AVX2"] = ValgrindRun.OfAsync(),
        ["128 bit"] = ValgrindRun.OfAsync(("DOTNET_EnableAVX2", "0")),
        ["scalar"] = ValgrindRun.OfAsync(("DOTNET_EnableHWIntrinsic", "0")),
    });

    [ValgrindTheory]
    [InlineData("AVX2")]
    [InlineData("128 bit")]
    [InlineData("scalar")]
    public async Task Nothing_depends_on_a_secret_but_what_is_given_away_on_purpose(string instructions)
    {
        ValgrindRun run = await Runs.Value[instructions];

        output.WriteLine(run.Output);
        Assert.Contains(run.Findings, static finding => finding.Method == Planted + "Branch");
        Assert.Contains(run.Findings, static finding => finding.Method == Planted + "Address");
        Assert.All(
            ProbeList.All.Where(static probe => !probe.Name.StartsWith("planted", StringComparison.Ordinal)),
            probe => Assert.Contains($"{probe.Name}: poisoned", run.Output, StringComparison.Ordinal));
        Finding[] leaks = [.. run.Findings.Where(static finding =>
            !finding.Method.StartsWith(Planted, StringComparison.Ordinal) && !Declassified.Covers(finding))];
        Assert.True(leaks.Length == 0, string.Join('\n', leaks.Select(static leak => leak.ToString())));
    }
}
