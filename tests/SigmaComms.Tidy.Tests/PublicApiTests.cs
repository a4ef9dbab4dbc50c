using SigmaComms.Tidy.Tests.Files;
using SigmaComms.Tidy.Tests.Rules;

namespace SigmaComms.Tidy.Tests;

/// <summary>
/// The public surface of each assembly is the text in PublicApi, so that a change of it is seen in review.
/// SIGMA_ACCEPT_API=1 writes the texts anew.
/// </summary>
public sealed class PublicApiTests
{
    private static readonly string Texts = Path.Combine(Repository.Root, "tests", "SigmaComms.Tidy.Tests", "PublicApi");

    /// <summary>The assemblies below the executable; nothing can refer to its types.</summary>
    public static TheoryData<string> Assemblies => [.. Projects.Walls.Keys.Where(name => name != "Node")];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void The_public_surface_is_the_text_that_was_accepted(string name)
    {
        string accepted = Path.Combine(Texts, $"SigmaComms.{name}.txt");
        string actual = Describe(name);
        if (Environment.GetEnvironmentVariable("SIGMA_ACCEPT_API") == "1")
        {
            Directory.CreateDirectory(Texts);
            File.WriteAllText(accepted, actual);
        }

        string expected = File.Exists(accepted) ? File.ReadAllText(accepted) : "";

        IEnumerable<string> gone = expected.Split('\n').Except(actual.Split('\n')).Select(line => "- " + line);
        IEnumerable<string> added = actual.Split('\n').Except(expected.Split('\n')).Select(line => "+ " + line);
        string[] changes = [.. gone, .. added];
        Assert.True(
            changes.Length == 0,
                $"Look at each line, then run once with SIGMA_ACCEPT_API=1:\n{string.Join('\n', changes)}");
    }

    [Fact]
    public void The_text_tells_types_members_and_constants_apart()
    {
        string text = Describe("Cryptography");

        Assert.Contains(
            "SigmaComms.Cryptography.SecretBytes (sealed class) : IDisposable\n", text, StringComparison.Ordinal);
        Assert.Contains("    public int Length { get; }\n", text, StringComparison.Ordinal);
        Assert.Contains("    public const int SizeBytes = 32\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("SigmaComms.Cryptography.Size ", text, StringComparison.Ordinal);
    }

    private static string Describe(string name)
    {
        string bin = Path.Combine(Repository.Root, "artifacts", "bin");
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        string path = Path.Combine(bin, $"SigmaComms.{name}", configuration, $"SigmaComms.{name}.dll");
        string[] beside = Directory.GetFiles(Path.Combine(bin, "SigmaComms.Node", configuration), "*.dll");
        return PublicApi.Describe(path, beside);
    }
}
