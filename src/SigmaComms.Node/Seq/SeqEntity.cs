using System.Text.Json;
using System.Text.Json.Nodes;

namespace SigmaComms.Node.Seq;

/// <summary>Compares what the server has with what a template wants, and lays one over the other.</summary>
internal static class SeqEntity
{
    // What whoever runs the server sets there for the place: where alerts go, what may be changed, how long is kept.
    private static readonly HashSet<string> SetOnTheServer =
    [
        "IsProtected", "IsDisabled", "NotificationChannels", "NotificationProperties", "NotificationLevel",
        "SuppressionTime", "RetentionTime",
    ];

    /// <summary>The one that a template made before: of nobody in particular, with the same name.</summary>
    /// <param name="existing">All of the kind that everybody sees.</param>
    /// <param name="wanted">What the template says.</param>
    public static JsonObject? Find(IEnumerable<JsonObject> existing, JsonObject wanted) => existing.FirstOrDefault(
        each => each["OwnerId"] is null && (wanted["Title"] is { } title
            ? JsonNode.DeepEquals(each["Title"], title)
            : SignalOf(wanted) is { } signal && JsonNode.DeepEquals(SignalOf(each), signal)));

    /// <summary>Whether the server has all that is wanted; what it has beyond that does not count.</summary>
    public static bool Has(JsonObject existing, JsonObject wanted) => wanted.All(
        member => SetOnTheServer.Contains(member.Key) || Covers(existing[member.Key], member.Value));

    /// <summary>What the server shall have: the wanted, and what only the server says.</summary>
    public static JsonObject Merge(JsonObject existing, JsonObject wanted)
    {
        JsonObject merged = (JsonObject)existing.DeepClone();
        merged.Remove("Links");
        foreach ((string key, JsonNode? value) in wanted)
        {
            if (value is not null && (!SetOnTheServer.Contains(key) || merged[key] is null))
            {
                merged[key] = value.DeepClone();
            }
        }

        return merged;
    }

    /// <summary>Its id, or null.</summary>
    public static string? IdOf(JsonObject entity) =>
        entity["Id"] is { } id && id.GetValueKind() == JsonValueKind.String ? id.GetValue<string>() : null;

    // Retention has no name: it is known by the signal whose events it removes.
    private static JsonNode? SignalOf(JsonObject entity) =>
        (entity["RemovedSignalExpression"] as JsonObject)?["SignalId"];

    private static bool Covers(JsonNode? existing, JsonNode? wanted) => (existing, wanted) switch
    {
        // A template that says null has no opinion; the server may fill it.
        (_, null) => true,
        (JsonObject has, JsonObject wants) => wants.All(member => Covers(has[member.Key], member.Value)),
        (JsonArray has, JsonArray wants) =>
            has.Count == wants.Count && has.Zip(wants).All(static pair => Covers(pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(existing, wanted),
    };
}
