using System.Text.Json;
using SigmaComms.Actors.Breakers;
using SigmaComms.Actors.Health;

namespace SigmaComms.Node.Web;

/// <summary>The tree of actors as JSON. Of many children the worst are shown, and how many are not.</summary>
internal static class ActorTreeJson
{
    /// <summary>The whole tree.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="tree">The actors.</param>
    /// <param name="childrenMax">Children shown of one actor.</param>
    public static void Write(Utf8JsonWriter writer, TreeSnapshot tree, int childrenMax)
    {
        writer.WriteString("at", tree.At);
        if (tree.Failure is { } failure)
        {
            writer.WriteString("failure", failure);
        }

        WriteAll(writer, "actors", tree.Actors, childrenMax);
    }

    private static void WriteAll(
        Utf8JsonWriter writer, string name, IReadOnlyList<ActorSnapshot> actors, int childrenMax)
    {
        IEnumerable<ActorSnapshot> shown = actors.Count <= childrenMax
            ? actors
            : actors.OrderByDescending(static actor => actor.Verdict)
                .ThenByDescending(static actor => actor.FailuresInWindow)
                .ThenByDescending(static actor => actor.OldestMessageAge)
                .Take(childrenMax);
        writer.WriteStartArray(name);
        foreach (ActorSnapshot actor in shown)
        {
            Write(writer, actor, childrenMax);
        }

        writer.WriteEndArray();
        if (actors.Count > childrenMax)
        {
            writer.WriteNumber("notShown", actors.Count - childrenMax);
        }
    }

    private static void Write(Utf8JsonWriter writer, ActorSnapshot actor, int childrenMax)
    {
        writer.WriteStartObject();
        writer.WriteString("path", actor.Path.Elements);
        writer.WriteNumber("uid", actor.Path.Uid);
        writer.WriteString("type", actor.Type);
        writer.WriteString("state", actor.State.ToString().ToLowerInvariant());
        writer.WriteString("verdict", HealthJson.NameOf(actor.Own));
        writer.WriteNumber("depth", actor.Depth);
        writer.WriteNumber("capacity", actor.Capacity);
        writer.WriteNumber("oldestMessageSeconds", Math.Round(actor.OldestMessageAge.TotalSeconds, 3));
        writer.WriteNumber("processed", actor.Processed);
        writer.WriteNumber("failuresInWindow", actor.FailuresInWindow);
        writer.WriteNumber("restarts", actor.Restarts);
        writer.WriteNumber("dropped", actor.Dropped);
        writer.WriteNumber("longestHandlerMilliseconds", actor.LongestHandler.TotalMilliseconds);
        if (actor.LastError is { } error)
        {
            writer.WriteString("lastError", error);
        }

        if (actor.LastErrorAt is { } at)
        {
            writer.WriteString("lastErrorAt", at);
        }

        if (actor.Breakers.Count > 0)
        {
            WriteBreakers(writer, actor.Breakers);
        }

        if (actor.Children.Count > 0)
        {
            WriteAll(writer, "children", actor.Children, childrenMax);
        }

        writer.WriteEndObject();
    }

    private static void WriteBreakers(Utf8JsonWriter writer, IReadOnlyList<BreakerSnapshot> breakers)
    {
        writer.WriteStartArray("breakers");
        foreach (BreakerSnapshot breaker in breakers)
        {
            writer.WriteStartObject();
            writer.WriteString("name", breaker.Name);
            writer.WriteString("state", breaker.State.ToString().ToLowerInvariant());
            writer.WriteNumber("notClosedSeconds", Math.Round(breaker.NotClosedFor.TotalSeconds, 3));
            writer.WriteNumber("opened", breaker.Opened);
            writer.WriteNumber("rejected", breaker.Rejected);
            if (breaker.LastError is { } error)
            {
                writer.WriteString("lastError", error);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
