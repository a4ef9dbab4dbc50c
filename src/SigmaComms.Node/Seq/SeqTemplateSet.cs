using System.Reflection;
using System.Text;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Seq;

/// <summary>Templates in an order in which each comes after those it refers to.</summary>
internal static class SeqTemplateSet
{
    private const string Pattern = "*.template";
    private const string ResourcePrefix = "seq/";
    private const int FilesMax = 1_000;
    private const int FileBytesMax = 1 << 20;

    /// <summary>Those that came with sigma.</summary>
    public static IReadOnlyList<SeqTemplate> BuiltIn()
    {
        Assembly assembly = typeof(SeqTemplateSet).Assembly;
        return Order(assembly.GetManifestResourceNames()
            .Where(static name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Select(name =>
            {
                using Stream content = assembly.GetManifestResourceStream(name)!;
                using StreamReader reader = new(content, Encoding.UTF8);
                return SeqTemplate.Parse(name[ResourcePrefix.Length..], reader.ReadToEnd());
            }));
    }

    /// <summary>Those of a folder.</summary>
    /// <exception cref="CommandException">There are none, or they cannot be used.</exception>
    public static IReadOnlyList<SeqTemplate> Load(string folder)
    {
        string[] files;
        try
        {
            files = Directory.GetFiles(folder, Pattern);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(
                ExitCode.NotFound, $"cannot read {folder}", cause.Message, "check the path and its permissions", cause);
        }

        return files.Length is > 0 and <= FilesMax
            ? Order(files.Select(static file => SeqTemplate.Parse(Path.GetFileName(file), Read(file))))
            : throw new CommandException(
                ExitCode.NotFound, $"no templates in {folder}", $"it has {files.Length} files {Pattern}",
                "name a folder like cluster-config/seq");
    }

    /// <summary>Puts each after those it refers to; else by kind and name.</summary>
    /// <exception cref="CommandException">One refers to itself in the end, or to a file that is not there.</exception>
    public static IReadOnlyList<SeqTemplate> Order(IEnumerable<SeqTemplate> templates)
    {
        List<SeqTemplate> waiting =
            [.. templates.OrderBy(static each => each.Kind).ThenBy(static each => each.File, StringComparer.Ordinal)];
        HashSet<string> known = [.. waiting.Select(static each => each.File)];
        foreach (SeqTemplate each in waiting)
        {
            if (each.References.FirstOrDefault(reference => !known.Contains(reference)) is { } missing)
            {
                throw Fault(each, $"it refers to {missing}, which is not there");
            }
        }

        List<SeqTemplate> ordered = [];
        HashSet<string> done = [];
        while (waiting.Count > 0)
        {
            SeqTemplate next = waiting.Find(each => each.References.All(done.Contains))
                ?? throw Fault(waiting[0], "what it refers to refers back to it");
            waiting.Remove(next);
            done.Add(next.File);
            ordered.Add(next);
        }

        return ordered;
    }

    private static string Read(string file)
    {
        try
        {
            FileInfo found = new(file);
            return found.Length <= FileBytesMax
                ? File.ReadAllText(file)
                : throw new CommandException(
                    ExitCode.Usage, $"cannot use the template {found.Name}",
                    $"it has more than {FileBytesMax >> 10} KiB", "leave it out");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(
                ExitCode.NotFound, $"cannot read {file}", cause.Message, "check its permissions", cause);
        }
    }

    private static CommandException Fault(SeqTemplate template, string why) => new(
        ExitCode.Usage, $"cannot use the template {template.File}", why, "correct it, or leave --templates out");
}
