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
    public static ILoggerFactory Create(LogLevel level, Output output) => LoggerFactory.Create(builder =>
    {
        builder.SetMinimumLevel(output.Verbose ? LogLevel.Debug : level);
        builder.AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.Configure<ConsoleLoggerOptions>(
            options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        if (output.Json)
        {
            builder.AddJsonConsole(options => Format(options));
        }
        else
        {
            builder.AddSimpleConsole(options =>
            {
                options.SingleLine = true;
                options.ColorBehavior = output.Color ? LoggerColorBehavior.Default : LoggerColorBehavior.Disabled;
                Format(options);
            });
        }
    });

    private static void Format(ConsoleFormatterOptions options)
    {
        options.TimestampFormat = Timestamp;
        options.UseUtcTimestamp = true;
    }
}
