using Microsoft.Extensions.Logging;

namespace SigmaComms.Node.Control;

/// <summary>What the door to the control log writes into the node's log.</summary>
internal static partial class Log
{
    [LoggerMessage(2510, LogLevel.Error, "A question about the control log could not be answered: {Path}")]
    public static partial void AnswerFailed(this ILogger logger, Exception error, string path);
}
