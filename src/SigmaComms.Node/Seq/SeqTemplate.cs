using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Seq;

/// <summary>
/// One file as seqcli imports it: JSON of one entity in which ref("file") stands for the id that another file's entity
/// has on the server, and arg("name") for a value that is given at the import.
/// </summary>
internal sealed partial class SeqTemplate
{
    private const string KindKey = "$entity";
    private const string ReferenceKey = "$ref";
    private const string ArgumentKey = "$arg";
    private const string TitleKey = "Title";
    private const int MatchMilliseconds = 5_000;

    private readonly JsonObject _content;

    private SeqTemplate(string file, SeqKind kind, JsonObject content)
    {
        File = file;
        Kind = kind;
        _content = content;
        HashSet<string> references = [];
        Collect(content, references);
        References = [.. references.Order(StringComparer.Ordinal)];
    }

    /// <summary>The file's name, by which others refer to it.</summary>
    public string File { get; }

    /// <summary>What it makes.</summary>
    public SeqKind Kind { get; }

    /// <summary>The files whose entities it needs.</summary>
    public IReadOnlyList<string> References { get; }

    /// <summary>The entity's name; of those that have none, the file's.</summary>
    public string Title => _content[TitleKey]?.GetValueKind() == JsonValueKind.String
        ? _content[TitleKey]!.GetValue<string>()
        : Path.GetFileNameWithoutExtension(File);

    /// <summary>Reads one.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="text">Its content.</param>
    /// <exception cref="CommandException">It is no template.</exception>
    public static SeqTemplate Parse(string file, string text)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(Token().Replace(text, AsObject));
        }
        catch (RegexMatchTimeoutException error)
        {
            throw Fault(file, "it cannot be read in time", error);
        }
        catch (JsonException error)
        {
            string place = error.LineNumber is { } line ? $"line {line + 1}" : "somewhere";
            throw Fault(file, $"{place} is not JSON with ref(\"file\") or arg(\"name\") in it", error);
        }

        if (root is not JsonObject content)
        {
            throw Fault(file, "it is not an object");
        }

        SeqKind kind = KindOf(content[KindKey])
            ?? throw Fault(file, $"its \"{KindKey}\" is none of {string.Join(", ", Words)}");
        content.Remove(KindKey);
        return new SeqTemplate(file, kind, content);
    }

    /// <summary>The entity as the server shall have it. Nobody in particular owns it: all users see it.</summary>
    /// <param name="idOf">The id of what a referenced file made.</param>
    /// <exception cref="CommandException">It asks for an argument that is not given here.</exception>
    public JsonObject Entity(Func<string, string> idOf) => (JsonObject)Resolve(_content, idOf)!;

    private static string[] Words { get; } =
        [.. Enum.GetNames<SeqKind>().Select(static name => name.ToLowerInvariant())];

    private static SeqKind? KindOf(JsonNode? word)
    {
        int at = word?.GetValueKind() == JsonValueKind.String ? Array.IndexOf(Words, word.GetValue<string>()) : -1;
        return at < 0 ? null : (SeqKind)at;
    }

    // A call becomes an object with one member, by which it is found again; what only looks like one in a text stays.
    private static string AsObject(Match token) => token.Groups["function"] is { Success: true } function
        ? $"{{\"${function.Value}\":{token.Groups["argument"].Value}}}"
        : token.Value;

    private static void Collect(JsonNode? node, HashSet<string> references)
    {
        if (CallOf(node, ReferenceKey) is { } file)
        {
            references.Add(file);
        }
        else if (node is JsonObject members)
        {
            foreach ((string _, JsonNode? member) in members)
            {
                Collect(member, references);
            }
        }
        else if (node is JsonArray items)
        {
            foreach (JsonNode? item in items)
            {
                Collect(item, references);
            }
        }
    }

    private static string? CallOf(JsonNode? node, string key) => node is JsonObject { Count: 1 } call
        && call[key] is { } argument && argument.GetValueKind() == JsonValueKind.String
            ? argument.GetValue<string>()
            : null;

    private JsonNode? Resolve(JsonNode? node, Func<string, string> idOf)
    {
        if (CallOf(node, ReferenceKey) is { } file)
        {
            return idOf(file);
        }

        if (CallOf(node, ArgumentKey) is { } name)
        {
            return name == "ownerId" ? null : throw Fault(File, $"it asks for arg(\"{name}\"), known is ownerId only");
        }

        return node switch
        {
            JsonObject members => new JsonObject(members.Select(member =>
                KeyValuePair.Create(member.Key, Resolve(member.Value, idOf)))),
            JsonArray items => new JsonArray([.. items.Select(item => Resolve(item, idOf))]),
            _ => node?.DeepClone(),
        };
    }

    private static CommandException Fault(string file, string why, Exception? cause = null) => new(
        ExitCode.Usage, $"cannot use the template {file}", why, "correct it, or leave --templates out", cause);

    [GeneratedRegex(
        """
        "(?:[^"\\]|\\.)*"|(?<function>ref|arg)\s*\(\s*(?<argument>"(?:[^"\\]|\\.)*")\s*\)
        """,
        RegexOptions.ExplicitCapture,
        MatchMilliseconds)]
    private static partial Regex Token();
}
