using System.Text.Json;
using SigmaComms.Actors.Health;
using SigmaComms.Cluster.Health;

namespace SigmaComms.Node.Web;

/// <summary>The health report as JSON: its names and their meaning only ever grow.</summary>
internal static class HealthJson
{
    /// <summary>The whole report.</summary>
    public static void Write(Utf8JsonWriter writer, HealthReport report)
    {
        writer.WriteString("at", report.At);
        writer.WriteString("node", report.Node);
        writer.WriteNumber("incarnation", report.Incarnation);
        writer.WriteString("verdict", NameOf(report.Verdict));
        writer.WriteBoolean("ready", report.IsReady);
        WriteChecks(writer, report);
        writer.WriteStartArray("components");
        foreach (HealthComponent component in report.Components)
        {
            Write(writer, component);
        }

        writer.WriteEndArray();
        ResourceReading resources = report.Resources;
        writer.WriteStartObject("resources");
        writer.WriteNumber("cpuCores", resources.CpuCores);
        writer.WriteNumber("workingSetBytes", resources.WorkingSetBytes);
        writer.WriteNumber("managedBytes", resources.ManagedBytes);
        writer.WriteNumber("memoryLimitBytes", resources.MemoryLimitBytes);
        writer.WriteNumber("diskFreeBytes", resources.DiskFreeBytes);
        writer.WriteNumber("threadPoolThreads", resources.ThreadPoolThreads);
        writer.WriteNumber("threadPoolQueue", resources.ThreadPoolQueue);
        writer.WriteEndObject();
    }

    /// <summary>Whether it is ready, and each check.</summary>
    public static void WriteReadiness(Utf8JsonWriter writer, HealthReport report)
    {
        writer.WriteBoolean("ready", report.IsReady);
        WriteChecks(writer, report);
    }

    /// <summary>A verdict as programs know it.</summary>
    public static string NameOf(Verdict verdict) => verdict.ToString().ToLowerInvariant();

    private static void WriteChecks(Utf8JsonWriter writer, HealthReport report)
    {
        writer.WriteStartArray("checks");
        foreach (HealthCheck check in report.Checks)
        {
            writer.WriteStartObject();
            writer.WriteString("name", check.Name);
            writer.WriteString("code", check.Code);
            writer.WriteString("verdict", NameOf(check.Verdict));
            writer.WriteNumber("ageSeconds", Math.Round(check.Age.TotalSeconds, 3));
            writer.WriteString("detail", check.Detail);
            WriteOptional(writer, "recommendation", check.Recommendation);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, HealthComponent component)
    {
        writer.WriteStartObject();
        writer.WriteString("path", component.Path);
        writer.WriteString("verdict", NameOf(component.Verdict));
        writer.WriteString("state", component.State);
        writer.WriteString("since", component.Since);
        writer.WriteNumber("actors", component.Actors);
        writer.WriteNumber("failuresInWindow", component.FailuresInWindow);
        WriteOptional(writer, "lastError", component.LastError);
        if (component.LastErrorAt is { } at)
        {
            writer.WriteString("lastErrorAt", at);
        }

        WriteOptional(writer, "recommendation", component.Recommendation);
        writer.WriteEndObject();
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
