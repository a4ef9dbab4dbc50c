using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Parsing;
using SigmaComms.Cluster.Telemetry;

namespace SigmaComms.Node.Telemetry;

/// <summary>One log event as one line of JSON with its fields, under the names that Seq and the console use.</summary>
internal sealed class JsonEventFormatter(string node) : ITextFormatter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter writer = new(line, Options))
        {
            Write(logEvent, writer);
        }

        output.Write(Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length) + "\n");
    }

    private void Write(LogEvent logEvent, Utf8JsonWriter writer)
    {
        int id = EventIdOf(logEvent);
        writer.WriteStartObject();
        writer.WriteNumber("v", 1);
        writer.WriteString("time", logEvent.Timestamp.ToUniversalTime());
        writer.WriteString("level", NameOf(logEvent.Level));
        writer.WriteNumber("event", id);
        writer.WriteString("category", LogCategory.Of(id, LevelOf(logEvent.Level)));
        writer.WriteString("node", node);
        writer.WriteString("message", TextOf(logEvent));
        writer.WriteStartObject("fields");
        foreach ((string name, LogEventPropertyValue value) in logEvent.Properties)
        {
            if (name is not ("EventId" or "SourceContext"))
            {
                Write(writer, name, value);
            }
        }

        writer.WriteEndObject();
        if (logEvent.Exception is { } exception)
        {
            writer.WriteString("exception", exception.ToString());
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, LogEventPropertyValue value)
    {
        switch ((value as ScalarValue)?.Value)
        {
            case null when value is ScalarValue:
                writer.WriteNull(name);
                break;
            case bool flag:
                writer.WriteBoolean(name, flag);
                break;
            case int number:
                writer.WriteNumber(name, number);
                break;
            case long number:
                writer.WriteNumber(name, number);
                break;
            case ulong number:
                writer.WriteNumber(name, number);
                break;
            case double number when double.IsFinite(number):
                writer.WriteNumber(name, number);
                break;
            case { } other:
                writer.WriteString(name, Convert.ToString(other, CultureInfo.InvariantCulture));
                break;
            default:
                writer.WriteString(name, value.ToString(null, CultureInfo.InvariantCulture));
                break;
        }
    }

    // The library's own rendering puts texts into quotes.
    private static string TextOf(LogEvent logEvent)
    {
        StringBuilder text = new();
        foreach (MessageTemplateToken token in logEvent.MessageTemplate.Tokens)
        {
            text.Append(
                token is not PropertyToken { PropertyName: { } name }
                || !logEvent.Properties.TryGetValue(name, out LogEventPropertyValue? value) ? token.ToString()
                : value is ScalarValue { Value: string plain } ? plain
                : value.ToString(null, CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    private static int EventIdOf(LogEvent logEvent) =>
        logEvent.Properties.TryGetValue("EventId", out LogEventPropertyValue? value)
        && value is StructureValue { Properties: { } parts }
        && parts.FirstOrDefault(static part => part.Name == "Id")?.Value is ScalarValue { Value: int id }
            ? id
            : 0;

    private static string NameOf(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => "trace",
        LogEventLevel.Fatal => "critical",
        _ => level.ToString().ToLowerInvariant(),
    };

    private static LogLevel LevelOf(LogEventLevel level) => (LogLevel)(int)level;
}
