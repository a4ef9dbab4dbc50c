using Microsoft.Extensions.Logging;

namespace SigmaComms.Client.Links;

/// <summary>Log messages of the links: 1000 to 1099.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "Connected to node {Node} at {Endpoint}")]
    public static partial void Connected(this ILogger logger, string node, string endpoint);

    [LoggerMessage(1001, LogLevel.Warning, "Link to {Endpoint} lost: {Reason}")]
    public static partial void Disconnected(this ILogger logger, string endpoint, string reason);

    [LoggerMessage(1002, LogLevel.Warning, "No link to {Endpoint}: {Reason}")]
    public static partial void ConnectFailed(this ILogger logger, string endpoint, string reason);

    [LoggerMessage(1004, LogLevel.Error, "The control log has other keys under the own name: {Difference}")]
    public static partial void OwnKeysDiffer(this ILogger logger, string difference);

    [LoggerMessage(1003, LogLevel.Warning, "Another process of this identity took the mailbox over")]
    public static partial void MailboxReplaced(this ILogger logger);
}
