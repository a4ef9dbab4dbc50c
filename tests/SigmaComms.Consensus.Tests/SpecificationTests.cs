using System.Text.RegularExpressions;
using SigmaComms.Consensus.Tests.Models;

namespace SigmaComms.Consensus.Tests;

public sealed partial class SpecificationTests
{
    [Fact]
    public void Every_test_that_the_specification_names_exists()
    {
        string tests = Path.Combine(ModelRun.Root(), "tests");
        string text = File.ReadAllText(Path.Combine(ModelRun.Root(), "docs", "specs", "consensus.md"));

        (string Class, string Claim)[] named =
            [.. Names().Matches(text).Select(match => (match.Groups[1].Value, match.Groups[2].Value)).Distinct()];

        Assert.True(named.Length > 40, $"{named.Length}");
        Assert.DoesNotContain(named, name => !Exists(tests, name.Class, name.Claim));
    }

    // By their sources, as some are of another assembly.
    private static bool Exists(string tests, string name, string claim)
    {
        var declared = new Regex($@"\[\w*(Fact|Theory)[^\]]*\][^{{}};]*public (async )?(void|Task) {claim}\(");
        return new[] { "SigmaComms.Consensus.Tests", "SigmaComms.Cluster.Tests", "SigmaComms.EndToEnd.Tests" }
            .SelectMany(project => Directory.EnumerateFiles(
                Path.Combine(tests, project), name + ".cs", SearchOption.AllDirectories))
            .Any(file => declared.IsMatch(File.ReadAllText(file)));
    }

    [GeneratedRegex(@"`(\w+Tests)\.(\w+)`")]
    private static partial Regex Names();
}
