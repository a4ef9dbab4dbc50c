using System.Text.RegularExpressions;
using SigmaComms.Tidy.Tests.Files;

namespace SigmaComms.Tidy.Tests.Rules;

/// <summary>Links in Markdown files lead to files and headings that exist.</summary>
public static partial class DocumentLinks
{
    public static IEnumerable<string> Broken(IEnumerable<RepoFile> files)
    {
        Dictionary<string, RepoFile> byPath = files.ToDictionary(file => file.Path);
        HashSet<string> folders = [.. byPath.Values.SelectMany(file => Parents(file.Folder))];
        foreach (RepoFile file in byPath.Values.Where(f => f.Path.EndsWith(".md", StringComparison.Ordinal)))
        {
            foreach (Match match in Link().Matches(CodeBlock().Replace(file.Text, "")))
            {
                string target = match.Groups[1].Value;
                if (target.Contains("://", StringComparison.Ordinal)
                    || target.StartsWith("mailto:", StringComparison.Ordinal))
                {
                    continue;
                }

                string[] parts = target.Split('#', 2);
                string path = parts[0].Length == 0 ? file.Path : Resolve(file.Folder, parts[0]);
                if (!byPath.TryGetValue(path, out RepoFile? found))
                {
                    if (!folders.Contains(path))
                    {
                        yield return $"{file.Path}: the link {target} leads nowhere";
                    }
                }
                else if (parts.Length == 2 && !Anchors(found).Contains(parts[1]))
                {
                    yield return $"{file.Path}: the link {target} names a heading that is not there";
                }
            }
        }
    }

    private static IEnumerable<string> Parents(string folder)
    {
        for (string rest = folder; rest.Length > 0; rest = rest.Contains('/') ? rest[..rest.LastIndexOf('/')] : "")
        {
            yield return rest;
        }
    }

    private static string Resolve(string folder, string target)
    {
        List<string> parts = [.. folder.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        foreach (string part in target.TrimEnd('/').Split('/'))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    private static HashSet<string> Anchors(RepoFile file) =>
        [.. Heading().Matches(file.Text)
            .Select(match => NoAnchor().Replace(match.Groups[1].Value.Trim().ToLowerInvariant(), "")
            .Replace(' ', '-'))];

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^```.*?^```|`[^`\n]*`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoAnchor();
}
