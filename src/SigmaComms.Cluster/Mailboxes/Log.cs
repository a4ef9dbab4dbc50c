using Microsoft.Extensions.Logging;

namespace SigmaComms.Cluster.Mailboxes;

internal static partial class Log
{
    [LoggerMessage(610, LogLevel.Debug, "Mailbox {Device} not handed over to node {Target}: {Detail}")]
    public static partial void HandOverFailed(this ILogger logger, string device, string target, string detail);

    [LoggerMessage(611, LogLevel.Warning, "Mailbox {Device} could not write: {Detail}")]
    public static partial void MailboxWriteFailed(this ILogger logger, string device, string detail);

    [LoggerMessage(612, LogLevel.Warning, "Mailboxes could not be listed: {Detail}")]
    public static partial void MailboxesNotListed(this ILogger logger, string detail);

    [LoggerMessage(613, LogLevel.Warning, "Mailbox {Device} could not read its messages: {Detail}")]
    public static partial void MailboxReadFailed(this ILogger logger, string device, string detail);

    [LoggerMessage(614, LogLevel.Warning, "Mailbox {Device} stays in memory, it could not write: {Detail}")]
    public static partial void MailboxNotAsleep(this ILogger logger, string device, string detail);
}
