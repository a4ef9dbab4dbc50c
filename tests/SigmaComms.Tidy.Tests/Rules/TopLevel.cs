using SigmaComms.Tidy.Tests.Files;

namespace SigmaComms.Tidy.Tests.Rules;

/// <summary>What may stand at the top of the repository. Names with a leading dot belong to tools.</summary>
public static class TopLevel
{
    private static readonly HashSet<string> Allowed =
    [
        "src", "tests", "bench", "docs", "cluster-config", "seed-nodes",
        "SigmaComms.sln", "build.sh", "build.ps1", "README.md", "LICENSE",
        "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", "nuget.config",
    ];

    public static IEnumerable<string> Strangers(IEnumerable<RepoFile> files) =>
        files.Select(file => file.Path.Split('/')[0])
            .Where(name => !name.StartsWith('.') && !Allowed.Contains(name))
            .Distinct()
            .Select(name => $"{name}: does not belong at the top of the repository");
}
