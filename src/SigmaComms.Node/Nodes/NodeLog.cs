using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Nodes;

/// <summary>A node's log: lines on standard error, JSON with --json.</summary>
internal static class NodeLog
{
    private const string Timestamp = "yyyy-MM-ddTHH:mm:ss.fffZ ";

    /// <summary>Makes loggers; dispose it to flush them.</summary>
    /// <param name="level">What is logged at least; with --quiet warnings, with --verbose all.</param>
    /// <param name="output">Says which of these, and in which shape.</param>
    public static ILoggerFactory Create(LogLevel level, Output output) => LoggerFactory.Create(builder =>
    {
        LogLevel least = output.Quiet && level < LogLevel.Warning ? LogLevel.Warning : level;
        builder.SetMinimumLevel(output.Verbose ? LogLevel.Debug : least);
        builder.AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.Configure<ConsoleLoggerOptions>(
            options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        if (output.Json)
        {
            builder.AddConsole(options => options.FormatterName = JsonLogFormatter.FormatterName);
            builder.AddConsoleFormatter<JsonLogFormatter, ConsoleFormatterOptions>();
        }
        else
        {
            builder.AddSimpleConsole(options =>
            {
                options.SingleLine = true;
                options.ColorBehavior = output.Color ? LoggerColorBehavior.Default : LoggerColorBehavior.Disabled;
                options.TimestampFormat = Timestamp;
                options.UseUtcTimestamp = true;
            });
        }
    });
}
