using System.Reflection;
using System.Text.RegularExpressions;

namespace SigmaComms.Consensus.Tests.Models;

public sealed partial class ModelTableTests
{
    [Fact]
    public void Every_model_of_the_script_is_a_test_and_every_test_a_model_of_the_script()
    {
        string script = File.ReadAllText(Path.Combine(ModelRun.Root(), "tests", "tools", "spin-models.sh"));

        IEnumerable<string> rows = Rows().Matches(script).Select(match => $"{match.Groups[1]} {match.Groups[2]}");

        Assert.Equal(Tested().Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Tested()
    {
        Type[] classes = [typeof(SafetyModelTests), typeof(LivenessModelTests)];
        foreach (MethodInfo method in classes.SelectMany(type => type.GetMethods()))
        {
            string expected = method.Name.StartsWith("Leaving_out", StringComparison.Ordinal) ? "caught" : "holds";
            foreach (InlineDataAttribute row in method.GetCustomAttributes<InlineDataAttribute>())
            {
                yield return $"{row.GetData(method).Single()[0]} {expected}";
            }
        }
    }

    [GeneratedRegex(@"^([a-z0-9-]+)\|\w+\|(holds|caught)\|", RegexOptions.Multiline)]
    private static partial Regex Rows();
}
