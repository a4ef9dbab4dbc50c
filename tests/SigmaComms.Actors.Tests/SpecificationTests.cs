using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace SigmaComms.Actors.Tests;

public sealed partial class SpecificationTests
{
    [Fact]
    public void Every_test_that_the_specification_names_exists()
    {
        string text = File.ReadAllText(Path.Combine(Root(), "docs", "specs", "actors.md"));

        string[] named = [.. Names().Matches(text).Select(match => match.Groups[1].Value).Distinct()];

        Assert.True(named.Length > 50, $"{named.Length}");
        Assert.DoesNotContain(named, name => !Exists(name));
    }

    [Fact]
    public void Every_suite_of_the_checklist_has_as_many_claims_as_the_specification_says_and_were_asked_for()
    {
        string text = File.ReadAllText(Path.Combine(Root(), "docs", "specs", "actors.md"));

        Match[] rows = [.. Suites().Matches(text).Cast<Match>()];

        Assert.Equal(17, rows.Length);
        Assert.All(rows, row =>
        {
            int asked = int.Parse(row.Groups["asked"].Value, CultureInfo.InvariantCulture);
            int said = int.Parse(row.Groups["here"].Value, CultureInfo.InvariantCulture);
            int there = row.Groups["files"].Value.Split(", ").Sum(ClaimsIn);
            Assert.InRange(said, asked, there);
        });
    }

    private static int ClaimsIn(string file)
    {
        string path = Path.Combine(Root(), "tests", $"SigmaComms.{file.Trim()}.cs");
        return Claims().Count(File.ReadAllText(path));
    }

    private static bool Exists(string name)
    {
        string[] parts = name.Split('.');
        MethodInfo? method = typeof(SpecificationTests).Assembly
            .GetType($"SigmaComms.Actors.Tests.{parts[0]}")?.GetMethod(parts[1]);
        return method?.GetCustomAttribute<FactAttribute>() is not null;
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SigmaComms.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("No SigmaComms.sln above the tests.");
    }

    [GeneratedRegex(@"`(\w+Tests\.\w+)`")]
    private static partial Regex Names();

    [GeneratedRegex(
        @"^\| [^|]+ \| (?<asked>\d+) \| (?<here>\d+) \| (?<files>\w+\.Tests/[^|]+)\|", RegexOptions.Multiline)]
    private static partial Regex Suites();

    [GeneratedRegex(@"^\s*\[(Store)?(Fact|Theory)\b", RegexOptions.Multiline)]
    private static partial Regex Claims();
}
