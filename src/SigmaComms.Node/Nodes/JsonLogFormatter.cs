using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Nodes;

/// <summary>Log entries in the shape of everything else that --json writes.</summary>
internal sealed class JsonLogFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    /// <summary>What the console logger knows it as.</summary>
    public const string FormatterName = "sigma-json";

    /// <summary>On the system's clock.</summary>
    public JsonLogFormatter()
        : this(TimeProvider.System)
    {
    }

    /// <inheritdoc/>
    public override void Write<TState>(
        in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        LogLevel level = logEntry.LogLevel;
        int id = logEntry.EventId.Id;
        string category = logEntry.Category;
        string message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        string? exception = logEntry.Exception?.ToString();
        textWriter.Write(JsonLine.Of(writer =>
        {
            writer.WriteStartObject("log");
            writer.WriteString("time", time.GetUtcNow());
            writer.WriteString("level", JsonNamingPolicy.CamelCase.ConvertName(level.ToString()));
            writer.WriteNumber("event", id);
            writer.WriteString("category", category);
            writer.WriteString("message", message);
            if (exception is not null)
            {
                writer.WriteString("exception", exception);
            }

            writer.WriteEndObject();
        }) + "\n");
    }
}
