using Microsoft.Extensions.Logging;

namespace SigmaComms.Node.Benches;

internal static partial class Log
{
    [LoggerMessage(
        2410, LogLevel.Debug, "{Node}/{Incarnation}: actor {ActorPath} ({ActorType}) was measured, {Number}")]
    public static partial void MeasuredInDetail(
        this ILogger logger, string node, ulong incarnation, string actorPath, string actorType, int number);

    [LoggerMessage(
        2411, LogLevel.Information, "{Node}/{Incarnation}: actor {ActorPath} ({ActorType}) was measured, {Number}")]
    public static partial void Measured(
        this ILogger logger, string node, ulong incarnation, string actorPath, string actorType, int number);
}
