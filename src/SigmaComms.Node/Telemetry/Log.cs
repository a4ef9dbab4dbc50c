using Microsoft.Extensions.Logging;

namespace SigmaComms.Node.Telemetry;

internal static partial class Log
{
    [LoggerMessage(
        2210, LogLevel.Warning, "The log server at {Server} does not take telemetry: {Problem}; it waits on disk")]
    public static partial void ServerLost(this ILogger logger, Uri server, string problem);

    [LoggerMessage(2211, LogLevel.Information, "The log server at {Server} takes telemetry again")]
    public static partial void ServerFound(this ILogger logger, Uri server);

    [LoggerMessage(2212, LogLevel.Warning, "The log server refused a batch of {Signal} for good: {Problem}")]
    public static partial void BatchRefused(this ILogger logger, OtlpSignal signal, string problem);

    [LoggerMessage(
        2213, LogLevel.Warning, "The log server has no place for {Signal}: {Problem}. They are not kept for it")]
    public static partial void SignalUnwanted(this ILogger logger, OtlpSignal signal, string problem);
}
