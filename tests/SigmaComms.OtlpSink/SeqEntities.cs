using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace SigmaComms.OtlpSink;

/// <summary>
/// Keeps entities as Seq's documented HTTP API does: api for the links, and for each group its resources, its template,
/// its items, one item. The server gives ids, fills what is left open, and refuses what refers to nothing. Safe to call
/// from any thread.
/// </summary>
public sealed class SeqEntities
{
    private static readonly SortedDictionary<string, string> Groups = new(StringComparer.Ordinal)
    {
        ["alerts"] = "alert",
        ["dashboards"] = "dashboard",
        ["retentionpolicies"] = "retentionpolicy",
        ["signals"] = "signal",
        ["workspaces"] = "workspace",
    };

    private readonly Lock _gate = new();
    private readonly Dictionary<string, SortedDictionary<int, JsonObject>> _items =
        Groups.Keys.ToDictionary(static group => group, static _ => new SortedDictionary<int, JsonObject>());

    private readonly List<string> _writes = [];
    private int _number;

    /// <summary>Whether the key has the permission Project, which retention policies need.</summary>
    public bool HasProjectPermission { get; set; } = true;

    /// <summary>A group that this server is too old to know, or null.</summary>
    public string? UnknownGroup { get; set; }

    /// <summary>After so many changes the server answers 500 to each.</summary>
    public int ChangesMax { get; set; } = int.MaxValue;

    /// <summary>All changes so far: the method and the id.</summary>
    public IReadOnlyList<string> Changes
    {
        get
        {
            lock (_gate)
            {
                return [.. _writes];
            }
        }
    }

    /// <summary>Everything of one group, in the order it was made.</summary>
    public IReadOnlyList<JsonObject> Of(string group)
    {
        lock (_gate)
        {
            return [.. _items[group].Values.Select(static item => (JsonObject)item.DeepClone())];
        }
    }

    /// <summary>Changes one as somebody in the browser would.</summary>
    public void Edit(string group, string title, Action<JsonObject> change)
    {
        lock (_gate)
        {
            change(_items[group].Values.Single(item => item["Title"]?.GetValue<string>() == title));
        }
    }

    /// <summary>Takes all away.</summary>
    public void Clear(string group)
    {
        lock (_gate)
        {
            _items[group].Clear();
        }
    }

    internal Task AnswerAsync(HttpContext context, byte[] body)
    {
        string[] path = [.. context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries).Skip(1)];
        (int status, JsonNode? answer) = Answer(context.Request, path, body);
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(answer, context.RequestAborted);
    }

    private (int Status, JsonNode? Answer) Answer(HttpRequest request, string[] path, byte[] body)
    {
        lock (_gate)
        {
            return path switch
            {
                [] => (200, Root()),
                [var group, ..] when !Groups.ContainsKey(group) || group == UnknownGroup =>
                    Refused(404, "no such place"),
                [var group, "resources"] => (200, Resources(group)),
                ["retentionpolicies", ..] when !HasProjectPermission => Refused(403, "Project is needed"),
                [var group, "template"] => (200, Filled(group, new JsonObject())),
                [var group] when HttpMethods.IsGet(request.Method) => (200, Shared(group)),
                [var group] when HttpMethods.IsPost(request.Method) => Add(group, body),
                [var group, var id] => Item(request.Method, group, id, body),
                _ => Refused(405, "not so"),
            };
        }
    }

    private JsonObject Root() => new()
    {
        ["Product"] = "Seq-shaped sink",
        ["Links"] = new JsonObject(Groups.Keys.Where(group => group != UnknownGroup).Select(static group =>
            KeyValuePair.Create(char.ToUpperInvariant(group[0]) + group[1..] + "Resources",
                (JsonNode?)$"api/{group}/resources"))),
    };

    private static JsonObject Resources(string group) => new()
    {
        ["Links"] = new JsonObject
        {
            ["Items"] = $"api/{group}{{?ownerId,shared}}",
            ["Item"] = $"api/{group}/{{id}}",
            ["Template"] = $"api/{group}/template",
        },
    };

    private JsonArray Shared(string group) => new([.. _items[group].Values
        .Where(static item => item["OwnerId"] is null).Select(static item => item.DeepClone())]);

    private (int Status, JsonNode? Answer) Add(string group, byte[] body)
    {
        if (Read(body, out string? why) is not { } entity)
        {
            return Refused(400, why!);
        }

        if (_writes.Count >= ChangesMax)
        {
            return Refused(500, "it broke");
        }

        int number = ++_number;
        entity["Id"] = $"{Groups[group]}-{number.ToString(CultureInfo.InvariantCulture)}";
        _items[group][number] = Filled(group, entity);
        _writes.Add($"POST {entity["Id"]}");
        return (201, entity.DeepClone());
    }

    private (int Status, JsonNode? Answer) Item(string method, string group, string id, byte[] body)
    {
        if (_items[group].FirstOrDefault(item => item.Value["Id"]!.GetValue<string>() == id)
            is not { Value: { } found } at)
        {
            return Refused(404, "no such item");
        }

        if (HttpMethods.IsGet(method))
        {
            return (200, found.DeepClone());
        }

        if (Read(body, out string? why) is not { } entity || entity["Id"]?.ToString() != id)
        {
            return Refused(400, why ?? "another id");
        }

        if (_writes.Count >= ChangesMax)
        {
            return Refused(500, "it broke");
        }

        _items[group][at.Key] = Filled(group, entity);
        _writes.Add($"PUT {id}");
        return (200, null);
    }

    // What Seq is strict about is not known in full; this much it must be, and nothing of a template's own may arrive.
    private JsonObject? Read(byte[] body, out string? why)
    {
        why = "no object";
        try
        {
            if (JsonNode.Parse(body) is not JsonObject entity)
            {
                return null;
            }

            bool IsLoose((string Name, string Value) text) => IsReference(text.Name) && !Exists(text.Value);
            why = Strings(entity).FirstOrDefault(IsLoose) is { Name: { } at } ? $"{at} refers to nothing"
                : Names(entity).FirstOrDefault(static name => name.StartsWith('$')) is { } odd ? $"unknown {odd}"
                : null;
            return why is null ? entity : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsReference(string name) => name is "SignalId" or "SignalIds" or "DashboardIds";

    private bool Exists(string id) =>
        _items.Values.Any(group => group.Values.Any(item => item["Id"]!.GetValue<string>() == id));

    private static IEnumerable<string> Names(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(static member => Names(member.Value).Prepend(member.Key)),
        JsonArray items => items.SelectMany(Names),
        _ => [],
    };

    private static IEnumerable<(string Name, string Value)> Strings(JsonNode? node, string name = "") => node switch
    {
        JsonObject members => members.SelectMany(static member => Strings(member.Value, member.Key)),
        JsonArray items => items.SelectMany(item => Strings(item, name)),
        { } value when value.GetValueKind() == JsonValueKind.String => [(name, value.GetValue<string>())],
        _ => [],
    };

    private static JsonObject Filled(string group, JsonObject entity)
    {
        entity["Links"] = new JsonObject { ["Self"] = $"api/{group}/{entity["Id"]}?version=1" };
        foreach (JsonNode? filter in entity["Filters"] as JsonArray ?? [])
        {
            filter!["FilterNonStrict"] ??= filter["Filter"]?.DeepClone();
        }

        int chart = 0;
        foreach (JsonNode? each in entity["Charts"] as JsonArray ?? [])
        {
            each!["Id"] ??= $"chart-{++chart}";
        }

        return entity;
    }

    private static (int Status, JsonNode? Answer) Refused(int status, string why) =>
        (status, new JsonObject { ["Error"] = why });
}
