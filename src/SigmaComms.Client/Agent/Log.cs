using Microsoft.Extensions.Logging;

namespace SigmaComms.Client.Agent;

/// <summary>Log messages of the agent: 1500 to 1599.</summary>
internal static partial class Log
{
    [LoggerMessage(1500, LogLevel.Debug, "An asker went away: {Reason}")]
    public static partial void AskerGone(this ILogger logger, string reason);

    [LoggerMessage(1501, LogLevel.Error, "A request to the agent failed")]
    public static partial void RequestFailed(this ILogger logger, Exception error);
}
