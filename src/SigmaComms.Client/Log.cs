using Microsoft.Extensions.Logging;

namespace SigmaComms.Client;

/// <summary>Log messages of the client's root: 1400 to 1499.</summary>
internal static partial class Log
{
    [LoggerMessage(1400, LogLevel.Warning, "A part of the client failed and starts again")]
    public static partial void ChildFailed(this ILogger logger, Exception error);
}
