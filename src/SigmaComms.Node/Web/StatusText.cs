using System.Globalization;
using System.Text.Json;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Web;

/// <summary>A node's answers to its operators as lines for people. What is missing in an answer is left out.</summary>
internal static class StatusText
{
    private const int DepthMax = 16;

    /// <summary>The checks that are not ok, with what to do; one line that all is well if there are none.</summary>
    public static IEnumerable<string> Reasons(JsonElement health)
    {
        bool any = false;
        foreach (JsonElement check in Items(health, "checks"))
        {
            if (Text(check, "verdict") == "healthy")
            {
                continue;
            }

            any = true;
            yield return $"  {Text(check, "name")}: {Text(check, "code")} for {Span(check, "ageSeconds")}, "
                + Text(check, "detail");
            if (Text(check, "recommendation") is { Length: > 0 } remedy)
            {
                yield return $"    next: {remedy}";
            }
        }

        if (!any)
        {
            yield return "  all checks are ok";
        }
    }

    /// <summary>The tree of actors, one line each.</summary>
    public static IEnumerable<string> Tree(JsonElement actors) => Children(actors, "actors", "", 0);

    /// <summary>A text of an answer, without what a terminal would obey.</summary>
    public static string Text(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.String
            ? TerminalText.Plain(value.GetString()!)
            : "";

    /// <summary>A whole number of an answer.</summary>
    /// <exception cref="KeyNotFoundException">It is not there.</exception>
    public static string Digits(JsonElement from, string name) =>
        from.GetProperty(name).GetUInt64().ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<string> Children(JsonElement of, string name, string indent, int depth)
    {
        JsonElement[] children = [.. Items(of, name)];
        long notShown = Number(of, "notShown");
        for (int i = 0; i < children.Length && depth < DepthMax; i++)
        {
            bool isLast = i == children.Length - 1 && notShown == 0;
            string path = Text(children[i], "path");
            string shown = depth == 0 ? path : path[(path.LastIndexOf('/') + 1)..];
            string branch = depth == 0 ? "" : isLast ? "└─ " : "├─ ";
            yield return $"{indent}{branch}{shown}  {Figures(children[i])}";
            string below = indent + (depth == 0 ? "" : isLast ? "   " : "│  ");
            foreach (string line in Children(children[i], "children", below, depth + 1))
            {
                yield return line;
            }
        }

        if (notShown > 0)
        {
            yield return $"{indent}└─ and {Of(notShown, "more")}, none of them worse";
        }
    }

    private static string Figures(JsonElement actor)
    {
        List<string> figures = [Text(actor, "state")];
        void AddIf(bool condition, string figure)
        {
            if (condition)
            {
                figures.Add(figure);
            }
        }

        AddIf(Text(actor, "verdict") is not ("healthy" or ""), Text(actor, "verdict").ToUpperInvariant());
        long depth = Number(actor, "depth");
        AddIf(depth > 0, Of(depth, "waiting") + $" (oldest {Span(actor, "oldestMessageSeconds")})");
        AddIf(true, Of(Number(actor, "processed"), "handled"));
        AddIf(Number(actor, "failuresInWindow") > 0, Of(Number(actor, "failuresInWindow"), "failures in 5 min"));
        AddIf(Number(actor, "restarts") > 0, Of(Number(actor, "restarts"), "restarts"));
        AddIf(Number(actor, "dropped") > 0, Of(Number(actor, "dropped"), "dropped"));
        foreach (JsonElement breaker in Items(actor, "breakers"))
        {
            figures.Add($"breaker {Text(breaker, "name")} {Text(breaker, "state")}");
        }

        AddIf(Text(actor, "lastError").Length > 0, "last error: " + Text(actor, "lastError"));
        return string.Join(", ", figures);
    }

    private static string Of(long count, string what) => count.ToString(CultureInfo.InvariantCulture) + " " + what;

    private static JsonElement.ArrayEnumerator Items(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out JsonElement list)
        && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray()
            : default;

    private static long Number(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number)
            ? number
            : 0;

    private static string Span(JsonElement from, string name)
    {
        double seconds = from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out JsonElement value)
            && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number)
            && double.IsFinite(number)
            ? Math.Clamp(number, 0, 1e9)
            : 0;
        return seconds < 120
            ? seconds.ToString("F0", CultureInfo.InvariantCulture) + " s"
            : (seconds / 60).ToString("F0", CultureInfo.InvariantCulture) + " min";
    }
}
