namespace SigmaComms.Tidy.Tests.Files;

/// <summary>The working copy that this test was built from.</summary>
public static class Repository
{
    private static readonly string[] SkippedFolders = [".git", "artifacts", "bin", "obj"];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<RepoFile> Files { get; } = [.. Walk(Root)];

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "SigmaComms.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("SigmaComms.sln is in no folder above the tests.");
    }

    private static IEnumerable<RepoFile> Walk(string folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            string relative = Path.GetRelativePath(Root, path).Replace('\\', '/');
            yield return new RepoFile(relative, () => File.ReadAllText(path));
        }

        foreach (string child in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            if (SkippedFolders.Contains(Path.GetFileName(child)))
            {
                continue;
            }

            foreach (RepoFile file in Walk(child))
            {
                yield return file;
            }
        }
    }
}
