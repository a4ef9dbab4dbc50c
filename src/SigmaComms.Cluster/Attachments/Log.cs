using Microsoft.Extensions.Logging;

namespace SigmaComms.Cluster.Attachments;

internal static partial class Log
{
    [LoggerMessage(810, LogLevel.Warning, "Attachments: {Detail}")]
    public static partial void AttachmentFailed(this ILogger logger, string detail);
}
