using Microsoft.Extensions.Logging;

namespace SigmaComms.Node.Tests.Telemetry;

internal static partial class Log
{
    [LoggerMessage(912, LogLevel.Warning, "{Node}/{Incarnation}: actor {ActorPath} ({ActorType}) failed, {Number}")]
    public static partial void ActorFailed(
        this ILogger logger,
        Exception? cause,
        string node,
        ulong incarnation,
        string actorPath,
        string actorType,
        int number);

    [LoggerMessage(415, LogLevel.Information, "Refused {Peer}")]
    public static partial void Refused(this ILogger logger, string peer);
}
