using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using SigmaComms.Cluster.Telemetry;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Nodes;

/// <summary>A node's log: lines on standard error, JSON with --json.</summary>
internal static class NodeLog
{
    private const string Timestamp = "yyyy-MM-ddTHH:mm:ss.fffZ ";

    /// <summary>Makes loggers; dispose it to flush them.</summary>
    /// <param name="level">What is logged at least; with --quiet warnings, with --verbose all.</param>
    /// <param name="output">Says which of these, and in which shape.</param>
    /// <param name="more">Adds where else it goes, or null.</param>
    public static ILoggerFactory Create(
        LogLevel level, Output output, Action<ILoggingBuilder>? more = null) => LoggerFactory.Create(builder =>
    {
        more?.Invoke(builder);

        // Every thirty seconds a line for each supervisor is for programs, not for people.
        builder.AddFilter<ConsoleLoggerProvider>(
            NodeFigures.HealthLogName, output.Verbose ? LogLevel.Debug : LogLevel.Warning);
        builder.SetMinimumLevel(output.Verbose ? LogLevel.Debug : level);
        builder.AddFilter("Microsoft", LogLevel.Warning);
        if (output.Quiet && level < LogLevel.Warning && !output.Verbose)
        {
            builder.AddFilter<ConsoleLoggerProvider>(null, LogLevel.Warning);
        }

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
