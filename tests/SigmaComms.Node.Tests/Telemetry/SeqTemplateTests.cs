using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using SigmaComms.Cluster.Telemetry;

namespace SigmaComms.Node.Tests.Telemetry;

/// <summary>No Seq server is to be had here: the templates are held to what can be known without one.</summary>
public sealed partial class SeqTemplateTests
{
    private static readonly string Folder = Path.Combine(Root(), "cluster-config", "seq");

    public static TheoryData<string> Files { get; } =
        [.. Directory.GetFiles(Folder, "*.template").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_is_JSON_of_the_kind_its_name_says_and_refers_only_to_files_that_are_there(string file)
    {
        string text = File.ReadAllText(Path.Combine(Folder, file));
        string[] references = [.. Reference().Matches(text).Select(match => match.Groups[1].Value)];

        JsonElement template = JsonElement.Parse(Reference().Replace(Argument().Replace(text, "null"), "\"id\""));

        string kind = template.GetProperty("$entity").GetString()!;
        Assert.StartsWith(kind + "-", file);
        Assert.Contains(kind, (string[])["signal", "dashboard", "alert", "workspace", "retentionpolicy"]);
        Assert.All(references, reference => Assert.True(File.Exists(Path.Combine(Folder, reference)), reference));
        Assert.DoesNotContain(Path.GetFileName(file), references);
    }

    [Fact]
    public void There_is_a_signal_for_each_category_of_the_log() => Assert.All(
        LogCategory.All,
        category => Assert.Contains(
            $"\"Category = '{category}'\"",
            File.ReadAllText(Path.Combine(Folder, $"signal-Sigma {category}.template"))));

    [Fact]
    public void Every_event_number_that_a_template_asks_for_exists()
    {
        string sources = string.Concat(
            Directory.GetFiles(Path.Combine(Root(), "src"), "Log.cs", SearchOption.AllDirectories)
                .Select(File.ReadAllText));
        HashSet<int> known = [.. Declared().Matches(sources).Select(Number)];

        int[] asked = [.. Directory.GetFiles(Folder, "*.template").Select(File.ReadAllText)
            .SelectMany(text => Asked().Matches(text).SelectMany(match => Digits().Matches(match.Value))).Select(
                digits => int.Parse(digits.Value, CultureInfo.InvariantCulture))];

        Assert.NotEmpty(asked);
        Assert.All(asked, number => Assert.Contains(number, known));
    }

    private static int Number(Match match) => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    internal static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SigmaComms.sln")))
        {
            folder = folder.Parent;
        }

        return folder!.FullName;
    }

    [GeneratedRegex("""ref\("([^"]+)"\)""")]
    private static partial Regex Reference();

    [GeneratedRegex("""arg\("[a-zA-Z]+"\)""")]
    private static partial Regex Argument();

    [GeneratedRegex("""LoggerMessage\(\s*(\d+)""")]
    private static partial Regex Declared();

    [GeneratedRegex("""Event (= \d+|in \[[^\]]+\])""")]
    private static partial Regex Asked();

    [GeneratedRegex("""\d+""")]
    private static partial Regex Digits();
}
