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
}
