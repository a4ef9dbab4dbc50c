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

    [ValgrindTheory]
    [InlineData("AVX2", null)]
    [InlineData("128 bit", "DOTNET_EnableAVX2")]
    [InlineData("scalar", "DOTNET_EnableHWIntrinsic")]
    public async Task Nothing_depends_on_a_secret_but_what_is_given_away_on_purpose(string name, string? without)
    {
        output.WriteLine(name);

        ValgrindRun run = without is null ? await ValgrindRun.OfAsync() : await ValgrindRun.OfAsync((without, "0"));

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
