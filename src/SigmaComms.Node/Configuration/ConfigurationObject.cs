using System.Text.Json;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Configuration;

/// <summary>One object of a configuration file. Each fault is told with file, place, reason and remedy.</summary>
internal sealed class ConfigurationObject
{
    private readonly string _file;
    private readonly string _place;
    private readonly JsonElement _element;
    private readonly List<string> _known = ["$schema"];

    private ConfigurationObject(string file, string place, JsonElement element)
    {
        _file = file;
        _place = place;
        _element = element;
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Fault("", "is not an object");
        }
    }

    /// <summary>Reads a file whose outermost value is an object with "version": 1.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Takes what it needs; a key that it does not ask for is a fault.</param>
    /// <param name="whenAbsent">What to do if there is no such file.</param>
    public static T ReadFile<T>(
        string path, Func<ConfigurationObject, T> read, string whenAbsent = "check the path")
    {
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandException(
                ExitCode.NotFound, $"cannot read {path}", "there is no such file", whenAbsent, cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(
                ExitCode.Failure, $"cannot read {path}", cause.Message, "check its permissions", cause);
        }

        return Read(path, content, read);
    }

    /// <summary>Reads a file that is in memory.</summary>
    /// <param name="name">Its name, for faults.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="read">Takes what it needs; a key that it does not ask for is a fault.</param>
    public static T Read<T>(string name, ReadOnlyMemory<byte> content, Func<ConfigurationObject, T> read)
    {
        JsonDocumentOptions options =
            new() { CommentHandling = JsonCommentHandling.Skip, AllowDuplicateProperties = false };
        try
        {
            using JsonDocument document = JsonDocument.Parse(content, options);
            ConfigurationObject root = new(name, "$", document.RootElement);
            if (root.Number("version", 1, int.MaxValue) is int version and not 1)
            {
                throw root.Fault(".version", $"is {version}, this sigma knows version 1");
            }

            T result = read(root);
            root.RefuseUnknownKeys();
            return result;
        }
        catch (JsonException cause)
        {
            throw new CommandException(
                ExitCode.Usage, $"cannot use {name}", $"it is not JSON: {cause.Message}", "correct it at that line",
                    cause);
        }
    }

    /// <summary>A text that must be there.</summary>
    public string Text(string key) => OptionalText(key) ?? throw Fault("." + key, "is missing");

    /// <summary>A text, or null if it is not there.</summary>
    public string? OptionalText(string key)
    {
        if (Take(key) is not JsonElement value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : throw Fault("." + key, "is not a text, or is empty");
    }

    /// <summary>A text that a parser accepts.</summary>
    public T Parsed<T>(string key, Func<string, T?> parse, string wanted)
        where T : class
    {
        string text = Text(key);
        return parse(text) ?? throw Fault("." + key, $"is \"{text}\", wanted is {wanted}");
    }

    /// <summary>A host:port that must be there.</summary>
    public NodeEndpoint Endpoint(string key) => OptionalEndpoint(key) ?? throw Fault("." + key, "is missing");

    /// <summary>A host:port, or null if it is not there.</summary>
    public NodeEndpoint? OptionalEndpoint(string key) =>
        OptionalText(key) is string text ? ToEndpoint("." + key, text) : null;

    /// <summary>A node id that must be there.</summary>
    public NodeId Id(string key) => Digest.TryParse(Text(key), out Digest digest)
        ? new NodeId(digest)
        : throw Fault("." + key, "is not 64 hexadecimal digits");

    /// <summary>Bytes in base64 that must be there.</summary>
    public byte[] Base64(string key)
    {
        string text = Text(key);
        byte[] bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out int length)
            ? bytes[..length]
            : throw Fault("." + key, "is not base64");
    }

    /// <summary>A whole number within bounds.</summary>
    public int Number(string key, int min, int max, int? whenAbsent = null)
    {
        if (Take(key) is not JsonElement value)
        {
            return whenAbsent ?? throw Fault("." + key, "is missing");
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= min
            && number <= max
            ? number
            : throw Fault("." + key, $"is {value.GetRawText()}, wanted is a whole number from {min} to {max}");
    }

    /// <summary>True or false; false if it is not there.</summary>
    public bool Flag(string key) => Take(key) switch
    {
        null => false,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } value => throw Fault("." + key, $"is {value.GetRawText()}, wanted is true or false"),
    };

    /// <summary>An object, or null if it is not there.</summary>
    public T? OptionalObject<T>(string key, Func<ConfigurationObject, T?> read)
        where T : class
    {
        if (Take(key) is not JsonElement value)
        {
            return null;
        }

        ConfigurationObject item = new(_file, $"{_place}.{key}", value);
        T? result = read(item);
        item.RefuseUnknownKeys();
        return result;
    }

    /// <summary>A list of objects.</summary>
    public IReadOnlyList<T> Objects<T>(string key, Func<ConfigurationObject, T> read)
    {
        List<T> results = [];
        foreach ((JsonElement element, string place) in Elements(key))
        {
            ConfigurationObject item = new(_file, place, element);
            results.Add(read(item));
            item.RefuseUnknownKeys();
        }

        return results;
    }

    /// <summary>A list of texts.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        List<string> results = [];
        foreach ((JsonElement element, string place) in Elements(key))
        {
            results.Add(element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 } text
                ? text
                : throw Fault(place[_place.Length..], "is not a text, or is empty"));
        }

        return results;
    }

    /// <summary>A fault at a place of this object.</summary>
    /// <param name="where">What follows this object's own place, such as ".name".</param>
    /// <param name="why">What is wrong there.</param>
    public CommandException Fault(string where, string why) =>
        new(ExitCode.Usage, $"cannot use {_file}", $"{_place}{where} {why}",
            "correct it; docs/operations.md lists every key");

    private IEnumerable<(JsonElement Element, string Place)> Elements(string key)
    {
        if (Take(key) is not JsonElement list)
        {
            yield break;
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            throw Fault("." + key, "is not a list");
        }

        int index = 0;
        foreach (JsonElement element in list.EnumerateArray())
        {
            yield return (element, $"{_place}.{key}[{index++}]");
        }
    }

    private NodeEndpoint ToEndpoint(string where, string text) =>
        NodeEndpoint.TryParse(text, out NodeEndpoint? endpoint)
        ? endpoint!
        : throw Fault(where, $"is \"{text}\", wanted is host:port with a port from 1 to 65535");

    private JsonElement? Take(string key)
    {
        _known.Add(key);
        return _element.TryGetProperty(key, out JsonElement value) ? value : null;
    }

    private void RefuseUnknownKeys()
    {
        foreach (JsonProperty property in _element.EnumerateObject())
        {
            if (!_known.Contains(property.Name))
            {
                throw Fault("." + property.Name, $"is not a known key; known are {string.Join(", ", _known.Skip(1))}");
            }
        }
    }
}
