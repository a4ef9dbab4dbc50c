using System.Xml.Linq;
using SigmaComms.Tidy.Tests.Files;

namespace SigmaComms.Tidy.Tests.Rules;

/// <summary>The walls between assemblies, and where packages get their versions.</summary>
public static class Projects
{
    /// <summary>Which assembly may see which; equal to docs/ARCHITECTURE.md.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Walls = new Dictionary<string, string[]>
    {
        ["Actors"] = [],
        ["Actors.TestKit"] = ["Actors"],
        ["Client"] = ["Actors", "Consensus", "Cryptography", "Messaging", "Persistence", "Transport", "Vault"],
        ["Cluster"] = ["Actors", "Consensus", "Cryptography", "Messaging", "Persistence", "Transport", "Vault"],
        ["Consensus"] = ["Cryptography"],
        ["Cryptography"] = [],
        ["Fuse"] = [],
        ["Messaging"] = ["Cryptography"],
        ["Node"] =
        [
            "Actors", "Client", "Cluster", "Consensus", "Cryptography", "Fuse", "Messaging", "Persistence",
            "Transport", "Vault",
        ],
        ["Persistence"] = ["Actors", "Cryptography"],
        ["Transport"] = ["Cryptography", "Messaging"],
        ["Vault"] = ["Cryptography"],
    };

    private static readonly string[] PureCores = ["Consensus", "Messaging"];

    public static IEnumerable<string> GraphEqualsTheWalls(IEnumerable<RepoFile> files)
    {
        HashSet<string> seen = [];
        foreach (RepoFile file in ProjectFiles(files).Where(f => f.Path.StartsWith("src/", StringComparison.Ordinal)))
        {
            string name = ShortName(file.Path);
            seen.Add(name);
            string[] actual =
                [.. Attributes(file, "ProjectReference", "Include").Select(ShortName).Order(StringComparer.Ordinal)];
            if (!Walls.TryGetValue(name, out string[]? allowed))
            {
                yield return $"{file.Path}: an assembly that is not in the table of walls";
            }
            else if (!actual.SequenceEqual(allowed))
            {
                string sees = string.Join(", ", actual);
                yield return $"{file.Path}: sees [{sees}], allowed is [{string.Join(", ", allowed)}]";
            }

            bool pure = XDocument.Parse(file.Text).Descendants("PureCore").Any(e => e.Value == "true");
            if (pure != PureCores.Contains(name))
            {
                yield return $"{file.Path}: PureCore is {pure}";
            }
        }

        foreach (string absent in Walls.Keys.Except(seen))
        {
            yield return $"src/SigmaComms.{absent}: in the table of walls, but there is no such project";
        }
    }

    public static IEnumerable<string> VersionsAreCentral(IEnumerable<RepoFile> files)
    {
        List<RepoFile> all = [.. files];
        HashSet<string> used = [];
        IEnumerable<RepoFile> referring = ProjectFiles(all).Concat(all.Where(f => f.Name == "Directory.Build.targets"));
        foreach (RepoFile file in referring)
        {
            foreach (XElement reference in XDocument.Parse(file.Text).Descendants("PackageReference"))
            {
                string package = (string?)reference.Attribute("Include") ?? "";
                used.Add(package);
                if (reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null)
                {
                    yield return $"{file.Path}: the version of {package} belongs into Directory.Packages.props";
                }
            }
        }

        foreach (RepoFile file in all.Where(f => f.Path == "Directory.Packages.props"))
        {
            foreach (string package in Attributes(file, "PackageVersion", "Include").Where(p => !used.Contains(p)))
            {
                yield return $"{file.Path}: no project uses {package}";
            }
        }
    }

    public static IEnumerable<string> EveryProjectIsLockedAndInTheSolution(IEnumerable<RepoFile> files)
    {
        List<RepoFile> all = [.. files];
        string solution = all.First(f => f.Path == "SigmaComms.sln").Text.Replace('\\', '/');
        foreach (RepoFile file in ProjectFiles(all))
        {
            if (!solution.Contains(file.Path, StringComparison.Ordinal))
            {
                yield return $"{file.Path}: not in SigmaComms.sln";
            }

            if (!all.Any(f => f.Path == $"{file.Folder}/packages.lock.json"))
            {
                yield return $"{file.Path}: no lock file beside it";
            }
        }
    }

    private static IEnumerable<RepoFile> ProjectFiles(IEnumerable<RepoFile> files) =>
        files.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal));

    private static IEnumerable<string> Attributes(RepoFile file, string element, string attribute) =>
        XDocument.Parse(file.Text).Descendants(element).Select(e => (string?)e.Attribute(attribute) ?? "");

    private static string ShortName(string projectPath)
    {
        string name = Path.GetFileNameWithoutExtension(projectPath.Replace('\\', '/'));
        return name.StartsWith("SigmaComms.", StringComparison.Ordinal) ? name["SigmaComms.".Length..] : name;
    }
}
